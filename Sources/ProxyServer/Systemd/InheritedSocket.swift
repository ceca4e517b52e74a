import CLinux
import ControlProtocol
import Glibc
import PeerIdentity
import ServiceInterface

/// A listening socket that this process was started with (sd_listen_fds(3)): systemd's socket units make such.
///
/// Invariant: it is a stream socket that listens, on a unix path or on a TCP port.
public struct InheritedSocket: Sendable, Hashable {
    /// Belongs to the listener that is made of it, and to nobody else.
    let descriptor: Int32
    /// Where it listens.
    public let address: SocketAddress
    /// What profiles call it: its `FileDescriptorName=`, with `tcp:` before it for a TCP port. Any user may connect to a port,
    /// so none is mistaken for a socket whose file keeps users out.
    let name: String

    /// Whether it is a port, and no unix socket.
    public var isTCP: Bool { address.isTCP }

    /// The first descriptor that is passed on.
    private static let first: Int32 = 3
    private static let variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]

    /// The sockets that the process's environment tells of, which tells of them no more. Throws if one of them is of another
    /// kind.
    public static func fromEnvironment() throws(ConfigurationError) -> [InheritedSocket] {
        let values = variables.map { name in getenv(name).map { String(cString: $0) } }
        for name in variables { unsetenv(name) }
        guard values[0] == "\(getpid())", let count = values[1] else { return [] }
        var sockets = [InheritedSocket]()
        for (descriptor, name) in zip(first..., try names(count: count, names: values[2])) {
            sockets.append(try InheritedSocket(descriptor, name: name))
        }
        return sockets
    }

    /// One name for each of so many sockets.
    static func names(count text: String, names: String?) throws(ConfigurationError) -> [String] {
        guard let count = Int(text), (1...1024).contains(count) else {
            throw ConfigurationError("LISTEN_FDS=\(text) is not a number of sockets")
        }
        guard let names else { return [String](repeating: "unknown", count: count) }
        let parts = names.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == count else {
            throw ConfigurationError("LISTEN_FDNAMES has \(parts.count) names for \(count) sockets")
        }
        return parts
    }

    init(_ descriptor: Int32, name: String) throws(ConfigurationError) {
        let subject = "the socket '\(name)' that the service manager passed"
        guard Self.option(SO_TYPE, of: descriptor) == Int32(SOCK_STREAM.rawValue),
            Self.option(SO_ACCEPTCONN, of: descriptor) == 1
        else {
            throw ConfigurationError("\(subject) does not listen for streams (ListenStream= in its unit, Accept=no)")
        }
        guard let address = SocketAddress(listening: descriptor) else {
            throw ConfigurationError("\(subject) is neither at a path nor at a TCP port")
        }
        self.descriptor = descriptor
        self.address = address
        self.name = address.isTCP ? "tcp:\(name)" : name
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0,
            fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
        else { throw ConfigurationError("\(subject): \(ErrorNumber.text(errno))") }
    }

    private static func option(_ option: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, option, &value, &length) == 0 ? value : nil
    }
}

extension SocketAddress {
    /// Where `descriptor` listens; nil for a unix socket without a path, and for what is neither unix nor TCP.
    fileprivate init?(listening descriptor: Int32) {
        if let address = Self.read({ getsockname(descriptor, $0, $1) }).address {
            self = address
            return
        }
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0, address.sun_family == sa_family_t(AF_UNIX) else { return nil }
        let path = withUnsafeBytes(of: &address.sun_path) { room in
            let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
            return Array(room.prefix(max(0, min(room.count, Int(length) - start))).prefix { $0 != 0 })
        }
        guard path.first == UInt8(ascii: "/") else { return nil }
        self = .unix(path: String(decoding: path, as: UTF8.self))
    }
}
