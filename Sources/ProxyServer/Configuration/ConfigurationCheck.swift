import Glibc
import PeerIdentity
import Profiles
import ServiceInterface

/// Checks a configuration as a starting server would, without changing anything: `onion-grater --check-config`.
public struct ConfigurationCheck: Sendable {
    /// Lines of the form `what: error: why`; errors, warnings and notes.
    public private(set) var lines: [String] = []
    /// Whether a server would not start, or would leave something out.
    public private(set) var hasErrors = false

    public init(_ configuration: Configuration) {
        checkProfiles(configuration.profiles)
        for place in configuration.listening { check(place) }
        if let admin = configuration.adminSocket, admin.isRequired {
            checkFolder(of: admin.path, "the admin socket")
        }
        if case .tcp(let ip, let port)? = configuration.metricsAddress { check(.tcp(ip, port: port)) }
        checkTor(configuration.upstream)
    }

    private mutating func add(_ severity: Diagnostic.Severity, _ what: String, _ why: String) {
        if severity == .error { hasErrors = true }
        lines.append("\(what): \(severity.rawValue): \(why)")
    }

    private mutating func checkProfiles(_ directories: [ProfileDirectory]) {
        let loaded = ProfileDirectory.load(directories)
        let conflicts = SharedClients.conflicts(among: loaded.profiles)
        let diagnostics =
            loaded.diagnostics + loaded.overrides.map(\.diagnostic)
            + conflicts.map { $0.diagnostic($0.isCertain ? .error : .warning) }
        for diagnostic in diagnostics { lines.append("\(diagnostic)") }
        hasErrors = hasErrors || diagnostics.contains { $0.severity == .error }
        if loaded.profiles.isEmpty {
            let folders = directories.map(\.path).joined(separator: ", ")
            add(.warning, "profiles", "there is no profile in \(folders): all clients would be refused")
        }
    }

    private mutating func check(_ place: Configuration.Listening) {
        switch place {
        case .unix(let path, let name, _): checkFolder(of: path, "the socket '\(name)'")
        case .tcp(let ip, let port):
            let address = SocketAddress.tcp(ip, port: port)
            guard let code = Self.bindingError(address), code != EADDRINUSE else { return }
            add(.error, "\(address)", "it cannot be listened on: \(ErrorNumber.text(code))")
        case .interface(let name, _):
            if NetworkInterface.all().contains(where: { $0.name == name }) { return }
            add(.error, name, "there is no such network interface")
        case .inherited: break
        }
    }

    /// Whether a socket can be put into the folder of its path.
    private mutating func checkFolder(of path: String, _ what: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        var status = stat()
        guard stat(folder.isEmpty ? "/" : folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            return add(.error, path, "\(what) cannot be made: there is no folder \(folder)")
        }
        guard access(folder.isEmpty ? "/" : folder, W_OK | X_OK) == 0 else {
            return add(.error, path, "\(what) cannot be made: this user may not write to \(folder)")
        }
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFSOCK else { return }
        add(.error, path, "\(what) cannot be made: something that is not a socket is there")
    }

    /// Errors of bind(2); nil if it succeeds, after which the address is free again.
    private static func bindingError(_ address: SocketAddress) -> Int32? {
        guard let socket = try? Socket.make(address.family) else { return errno }
        socket.enable(SO_REUSEADDR, level: SOL_SOCKET)
        return (address.withSocketAddress { bind(socket.rawValue, $0, $1) == 0 ? 0 : errno }) ?? EINVAL == 0
            ? nil : errno
    }

    /// Tor may come later: that it is not there is no error.
    private mutating func checkTor(_ upstream: Upstream) {
        var failures = [String]()
        for address in upstream.addresses {
            guard let socket = try? Socket.make(address.family) else { continue }
            switch Socket.connect(socket, to: address) {
            case 0, EINPROGRESS:
                lines.append("\(address): note: tor's control port is there")
                if let cookie = upstream.cookiePath, access(cookie, R_OK) != 0 {
                    add(.error, cookie, "tor's cookie file cannot be read: \(ErrorNumber.text(errno))")
                }
                return
            case let code: failures.append("\(address): \(ErrorNumber.text(code))")
            }
        }
        add(
            .warning, "tor",
            "it cannot be reached now, and clients would be told so (\(failures.joined(separator: "; ")))")
    }
}
