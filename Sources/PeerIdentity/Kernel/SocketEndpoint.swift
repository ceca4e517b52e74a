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
