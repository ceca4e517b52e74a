import CLinux
import ControlProtocol
import Glibc

/// A TCP socket of this machine that listens, as the kernel knows it (sock_diag(7)).
struct TCPListenerSocket: Hashable {
    /// The user who created it.
    let uid: uid_t
    /// The number by which /proc/PID/fd names it.
    let inode: UInt64

    /// More sockets than this at one port are more than an application has.
    private static let limit = 64

    /// The sockets that could receive a connection to an address of this machine. One that listens at all addresses of IPv6 may
    /// be one of IPv4 too.
    static func receiving(_ address: IPAddress, _ port: UInt16) throws(IdentityError) -> Set<TCPListenerSocket> {
        var found = Set<TCPListenerSocket>()
        if address.isIPv4 {
            for listener in try list(AF_INET, port) where matches(listener, address, size: 4) {
                found.insert(TCPListenerSocket(uid: listener.uid, inode: listener.inode))
            }
        }
        for listener in try list(AF_INET6, port) where matches(listener, address, size: 16) {
            found.insert(TCPListenerSocket(uid: listener.uid, inode: listener.inode))
        }
        return found
    }

    private static func matches(_ listener: clinux_tcp_listener, _ address: IPAddress, size: Int) -> Bool {
        let bytes = withUnsafeBytes(of: listener.address) { Array($0.prefix(size)) }
        // A connection to no address in particular goes to this machine, and the kernel chooses where.
        if address.isUnspecified { return size == 4 || !address.isIPv4 || listener.is_ipv6_only == 0 }
        if bytes.allSatisfy({ $0 == 0 }) { return size == 4 || !address.isIPv4 || listener.is_ipv6_only == 0 }
        return IPAddress(bytes: bytes) == address
    }

    private static func list(_ family: Int32, _ port: UInt16) throws(IdentityError) -> [clinux_tcp_listener] {
        var found = [clinux_tcp_listener](repeating: clinux_tcp_listener(), count: limit)
        let count = clinux_list_tcp_listeners(family == AF_INET6 ? 1 : 0, port, &found, Int32(limit))
        guard count >= 0 else { throw IdentityError(SystemCallError("sock_diag")) }
        guard count <= limit else { throw .ambiguous("\(count) sockets listen at port \(port)") }
        return Array(found[..<Int(count)])
    }
}
