import CLinux
import ControlProtocol
import Glibc

extension Peer {
    /// Whether the program that has a TCP connection of this machine is this peer's application, of the same user.
    ///
    /// Confined programs are the same application if they have the same AppArmor label; others, if they are the same file,
    /// and of the same systemd unit and Flatpak application. Where several programs could use the connection, all of them
    /// must be.
    ///
    /// - Parameters:
    ///   - address: the program's end of the connection.
    ///   - port: likewise.
    ///   - servers: the ports at one of which the connection's other end is. Other connections may begin at the same port, or
    ///     have begun there: only those to these ports matter.
    ///   - known: when the connection was there already.
    /// - Throws: whatever keeps the program from being known; the connection's having been closed, for one.
    public func owns(
        connectionFrom address: IPAddress, port: UInt16, to servers: Set<UInt16>, known: ContinuousClock.Instant
    ) throws(IdentityError) -> Bool {
        let sockets = try ConnectionEnd.sockets(at: address, port, to: servers)
        guard !sockets.isEmpty else { throw .gone("the connection from \(address) port \(port) is closed") }
        for socket in sockets {
            guard socket.inode != 0 else { throw .gone("a connection from \(address) port \(port) has been closed") }
            let holders = try HolderFinder.shared.holders(of: socket.inode, since: known)
            guard isApplication(try LoopbackPeer.commonIdentity(of: holders, madeBy: socket.uid).identity) else {
                return false
            }
        }
        // While the holders were looked at, the connection may have closed and its port been taken by another.
        guard try ConnectionEnd.sockets(at: address, port, to: servers) == sockets else {
            throw .gone("the port \(port) has passed to another connection")
        }
        return true
    }

    /// Whether a process is this peer's application, of the same user.
    func isApplication(_ process: ProcessIdentity) -> Bool {
        guard let credentials, credentials.uid == process.status.uid, flatpak == process.flatpak,
            label?.isOfSameProfile(as: process.label) ?? (process.label == nil)
        else { return false }
        if process.isConfined { return true }
        guard let path = executable?.path else { return false }
        return path == process.executable.path && unit == process.unit
    }
}

/// A socket of which nothing is known but its own end.
private struct ConnectionEnd: Hashable {
    let uid: uid_t
    let inode: UInt64

    /// More than so many sockets at one end are nobody's.
    private static let limit = 16

    /// The sockets at an address and port that are connected to one of `servers`. One of IPv6 may have an IPv4 address.
    static func sockets(
        at address: IPAddress, _ port: UInt16, to servers: Set<UInt16>
    ) throws(IdentityError) -> Set<ConnectionEnd> {
        let mapped = address.isIPv4 ? [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + address.bytes : address.bytes
        var found = Set<ConnectionEnd>()
        for server in servers {
            if address.isIPv4 { found.formUnion(try list(AF_INET, address.bytes, port, to: server)) }
            found.formUnion(try list(AF_INET6, mapped, port, to: server))
        }
        return found
    }

    private static func list(
        _ family: Int32, _ bytes: [UInt8], _ port: UInt16, to server: UInt16
    ) throws(IdentityError) -> Set<ConnectionEnd> {
        var found = [clinux_tcp_socket](repeating: clinux_tcp_socket(), count: limit)
        let count = clinux_list_tcp_sockets(family == AF_INET6 ? 1 : 0, bytes, port, server, &found, Int32(limit))
        guard count >= 0 else { throw IdentityError(SystemCallError("sock_diag")) }
        guard count <= limit else { throw .ambiguous("\(count) connections begin at the same port \(port)") }
        return Set(found[..<Int(count)].map { ConnectionEnd(uid: $0.uid, inode: $0.inode) })
    }
}
