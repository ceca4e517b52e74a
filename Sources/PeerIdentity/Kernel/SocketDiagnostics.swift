import CLinux
import ControlProtocol
import Glibc

/// The other end of a TCP connection within this machine, as the kernel knows it (NETLINK_SOCK_DIAG, sock_diag(7)).
struct SocketDiagnostics: Equatable, Sendable {
    /// The user who created the socket.
    let uid: uid_t
    /// The number by which /proc/PID/fd names it.
    let inode: UInt64
    /// How many bytes the client had written when this was asked, received or not; one more once it can write no longer.
    let bytesWritten: UInt64

    /// - Parameters:
    ///   - end: the client's end of the connection.
    ///   - own: our own.
    /// - Throws: `gone` once the client has closed it.
    init(of end: SocketEndpoint, connectedTo own: SocketEndpoint) throws(IdentityError) {
        guard let found = try Self(find: end, connectedTo: own) else {
            throw .gone("the client has closed its TCP connection")
        }
        self = found
    }

    /// Nil if no socket of this machine is, or has just been, the client's end.
    ///
    /// - Throws: `gone` if one has been.
    init?(find end: SocketEndpoint, connectedTo own: SocketEndpoint) throws(IdentityError) {
        guard end.address.isIPv4 == own.address.isIPv4 else {
            throw .unreadable("one end of the connection is of IPv4 and one of IPv6")
        }
        var found = clinux_tcp_socket()
        let code = clinux_find_tcp_socket(
            end.address.isIPv4 ? 0 : 1, end.address.bytes, end.port, own.address.bytes, own.port, &found)
        guard code == 0 else {
            let error = SystemCallError("sock_diag")
            if error.code == ENOENT { return nil }
            throw IdentityError(error)
        }
        guard found.inode != 0 else { throw .gone("no process has the client's TCP connection open any longer") }
        uid = found.uid
        inode = found.inode
        bytesWritten = found.bytes_written
    }
}
