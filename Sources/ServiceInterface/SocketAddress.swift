import ControlProtocol
import Glibc

/// The address of a stream socket.
public enum SocketAddress: Hashable, Sendable {
    /// A unix(7) socket in the file system. An absolute path; more than 107 bytes cannot be bound or connected to.
    case unix(path: String)
    case tcp(IPAddress, port: UInt16)
}

extension SocketAddress: CustomStringConvertible {
    /// `/run/tor/control`, `127.0.0.1:9051`, `[::1]:9051`.
    public var description: String {
        switch self {
        case .unix(let path): path
        case .tcp(let address, let port): address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
        }
    }
}

extension SocketAddress {
    /// `AF_UNIX`, `AF_INET` or `AF_INET6`.
    package var family: Int32 {
        switch self {
        case .unix: AF_UNIX
        case .tcp(let address, _): address.isIPv4 ? AF_INET : AF_INET6
        }
    }

    package var isTCP: Bool { family != AF_UNIX }

    /// Whether a connection to `other` reaches a listener at this address.
    package func accepts(_ other: SocketAddress) -> Bool {
        guard case .tcp(let ip, let port) = self, ip.isUnspecified, case .tcp(let host, port) = other else {
            return self == other
        }
        return host.isLoopback && host.isIPv4 == ip.isIPv4
    }

    /// The address as bind(2) and connect(2) take it; nil for a path that is empty, too long or holds a NUL.
    package func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result? {
        switch self {
        case .unix(let path):
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let bytes = Array(path.utf8)
            let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
                guard !bytes.isEmpty, bytes.count < room.count, !bytes.contains(0) else { return false }
                room.copyBytes(from: bytes)
                return true
            }
            guard fits else { return nil }
            return Self.rebound(&address, body)
        case .tcp(let ip, let port) where ip.isIPv4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: ip.bytes) }
            return Self.rebound(&address, body)
        case .tcp(let ip, let port):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: ip.bytes) }
            return Self.rebound(&address, body)
        }
    }

    private static func rebound<Address, Result>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    /// The IPv4 or IPv6 address at `pointer`; nil for other families.
    package init?(_ pointer: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(pointer)
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET:
            let address = raw.loadUnaligned(as: sockaddr_in.self)
            guard let ip = withUnsafeBytes(of: address.sin_addr, { IPAddress(bytes: $0) }) else { return nil }
            self = .tcp(ip, port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = raw.loadUnaligned(as: sockaddr_in6.self)
            guard let ip = withUnsafeBytes(of: address.sin6_addr, { IPAddress(bytes: $0) }) else { return nil }
            self = .tcp(ip, port: UInt16(bigEndian: address.sin6_port))
        default: return nil
        }
    }

    /// What a call such as accept4(2) or getsockname(2) fills in; nil if it fails or the family is not TCP's.
    package static func read(_ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32)
        -> (result: Int32, address: SocketAddress?)
    {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                let result = call(pointer, &length)
                return (result, result < 0 ? nil : SocketAddress(pointer))
            }
        }
    }
}
