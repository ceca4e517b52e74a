import ControlProtocol
import Glibc
import ServiceInterface

extension Configuration.Listening {
    /// A unix socket written `[NAME=]PATH[,owner=USER][,group=GROUP][,mode=MODE]`; where there is no NAME, it is the file's
    /// name.
    ///
    /// A comma in the file's name always begins a setting: a slip of the pen must not become part of the name of a socket that
    /// is open to all. Folders may have commas.
    public init(argument: String) throws(ConfigurationError) {
        let fileStart = argument.lastIndex(of: "/").map { argument.index(after: $0) } ?? argument.startIndex
        let settingsStart = argument[fileStart...].firstIndex(of: ",") ?? argument.endIndex
        let place = argument[..<settingsStart]
        let parts = place.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let isNamed = parts.count == 2 && !parts[0].contains("/")
        let path = isNamed ? parts[1] : place
        guard let file = path.split(separator: "/").last, !path.hasSuffix("/") else {
            throw ConfigurationError("'\(argument)' is not the [NAME=]PATH of a socket")
        }
        let name = isNamed ? parts[0] : file
        guard !name.isEmpty else { throw ConfigurationError("'\(argument)' has no name before '='") }
        do throws(ConfigurationError) {
            let settings = argument[settingsStart...].split(separator: ",", omittingEmptySubsequences: false)
                .dropFirst()
            self = .unix(
                path: try SocketAddress(unixPath: String(path)).description, name: String(name),
                access: try SocketAccess(settings: settings))
        } catch {
            throw ConfigurationError("--listen-socket \(argument): \(error)")
        }
    }
}

extension SocketAddress {
    /// The unix socket at `unixPath`, which may be relative to the working directory.
    public init(unixPath: String) throws(ConfigurationError) {
        let path = unixPath.hasPrefix("/") ? unixPath : "\(Self.workingDirectory)/\(unixPath)"
        self = .unix(path: path)
        guard withSocketAddress({ _, _ in true }) == true else {
            throw ConfigurationError("'\(path)' cannot be a socket's path: it may have 107 bytes, and no NUL")
        }
    }

    /// A TCP port written `[HOST:]PORT`: HOST is an IPv4 address, an IPv6 address in brackets, or `localhost`, which is
    /// 127.0.0.1, as it is where there is none.
    public init(tcpArgument argument: String) throws(ConfigurationError) {
        let colon = argument.lastIndex(of: ":")
        let port = colon.map { argument[argument.index(after: $0)...] } ?? argument[...]
        let host = colon.map { argument[..<$0] } ?? "127.0.0.1"
        guard let number = UInt16(port), number > 0, let ip = IPAddress(host: String(host)) else {
            throw ConfigurationError("'\(argument)' is not [HOST:]PORT with an IPv4 address or [IPv6 address] as HOST")
        }
        self = .tcp(ip, port: number)
    }

    private static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }
}

extension IPAddress {
    /// An address as people write hosts: `localhost` is 127.0.0.1, and an IPv6 address may stand in brackets.
    public init?(host: String) {
        switch host {
        case "localhost": self.init("127.0.0.1")
        case _ where host.hasPrefix("[") && host.hasSuffix("]"): self.init(host.dropFirst().dropLast())
        default: self.init(host)
        }
    }
}
