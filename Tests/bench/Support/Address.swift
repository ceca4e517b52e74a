import Glibc

/// A unix socket's path, or a TCP port on loopback.
public enum Address: Sendable {
    case unix(String)
    case tcp(UInt16)

    /// Nil if `text` is neither `unix:PATH` nor `tcp:PORT`.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            self = .unix(String(text.dropFirst(5)))
        } else if text.hasPrefix("tcp:"), let port = UInt16(text.dropFirst(4)) {
            self = .tcp(port)
        } else {
            return nil
        }
    }

    /// A nonblocking listening socket; nil on failure, for which errno says why.
    public func listen() -> Int32? {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard withSocketAddress({ bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 4096) == 0 else {
            return nil
        }
        return descriptor
    }

    /// A connected socket; nil on failure, for which errno says why.
    public func connect(isBlocking: Bool) -> Int32? {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        guard withSocketAddress({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        if !isBlocking { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        sendAtOnce(descriptor)
        return descriptor
    }

    /// A port on loopback that nobody uses.
    public static func freePort() -> UInt16? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        guard Address.tcp(0).withSocketAddress({ bind(descriptor, $0, $1) }) == 0 else { return nil }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return result == 0 ? UInt16(bigEndian: address.sin_port) : nil
    }

    private var family: Int32 {
        switch self {
        case .unix: AF_UNIX
        case .tcp: AF_INET
        }
    }

    private func withSocketAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        switch self {
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.dropLast().copyBytes(from: path.utf8) }
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        case .tcp(let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }
}

extension Address: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let port): "tcp:\(port)"
        }
    }
}

/// Has no effect on a unix socket, which holds nothing back.
public func sendAtOnce(_ descriptor: Int32) {
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
}

/// As many descriptors as the system lets this process have.
public func raiseDescriptorLimit() {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0 else { return }
    // Only root may ask for more than the hard limit.
    var more = rlimit(rlim_cur: 100_000, rlim_max: max(limit.rlim_max, 100_000))
    if setrlimit(resource, &more) == 0 { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
}

/// How many files this process may have open.
public var descriptorLimit: Int {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? Int(limit.rlim_cur) : 0
}
