import ControlProtocol
import Glibc

/// One end of a TCP connection.
struct SocketEndpoint: Equatable, Sendable {
    let address: IPAddress
    let port: UInt16
    /// Whether the socket is one of IPv6, which an IPv4-mapped address still is.
    let isIPv6Socket: Bool

    /// The end that is not ours.
    static func peer(of socket: Int32) throws(IdentityError) -> SocketEndpoint {
        try read("getpeername") { getpeername(socket, $0, $1) }
    }

    /// Our own end.
    static func local(of socket: Int32) throws(IdentityError) -> SocketEndpoint {
        try read("getsockname") { getsockname(socket, $0, $1) }
    }

    /// The address from which a datagram to `address` would be sent; nil if no route leads there.
    static func routeStart(to address: IPAddress) throws(IdentityError) -> IPAddress? {
        let descriptor = socket(
            address.isIPv4 ? AF_INET : AF_INET6, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw IdentityError(SystemCallError("socket")) }
        let owned = FileDescriptor(owning: descriptor)
        let code =
            if address.isIPv4 {
                connect(owned.rawValue, sockaddr_in(address), of: sockaddr_in.self)
            } else {
                connect(owned.rawValue, sockaddr_in6(address), of: sockaddr_in6.self)
            }
        guard code == 0 else { return nil }
        return try local(of: owned.rawValue).address
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: Address, of: Address.Type) -> Int32 {
        withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    private static func read(
        _ call: String, _ ask: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(IdentityError) -> SocketEndpoint {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { ask($0, &length) }
        }
        guard code == 0 else {
            let error = SystemCallError(call)
            throw error.code == ENOTCONN ? .gone("the client has closed the connection") : IdentityError(error)
        }
        guard let endpoint = SocketEndpoint(storage) else {
            throw .unreadable("\(call) gave no address of IPv4 or IPv6")
        }
        return endpoint
    }

    private init?(_ storage: sockaddr_storage) {
        let bytes = withUnsafeBytes(of: storage) { Array($0) }
        let address: IPAddress?
        switch Int32(storage.ss_family) {
        case AF_INET: address = IPAddress(bytes: bytes[4..<8])
        case AF_INET6: address = IPAddress(bytes: bytes[8..<24])
        default: return nil
        }
        guard let address else { return nil }
        self.address = address
        port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        isIPv6Socket = Int32(storage.ss_family) == AF_INET6
    }
}

/// The port of a datagram that is never sent: any but 0.
private let unusedPort = UInt16(9).bigEndian

extension sockaddr_in {
    fileprivate init(_ address: IPAddress) {
        self.init()
        sin_family = sa_family_t(AF_INET)
        sin_port = unusedPort
        withUnsafeMutableBytes(of: &sin_addr) { $0.copyBytes(from: address.bytes) }
    }
}

extension sockaddr_in6 {
    fileprivate init(_ address: IPAddress) {
        self.init()
        sin6_family = sa_family_t(AF_INET6)
        sin6_port = unusedPort
        withUnsafeMutableBytes(of: &sin6_addr) { $0.copyBytes(from: address.bytes) }
    }
}
