import Glibc
import PeerIdentity

/// Who may ask and order on the admin socket: root, the user that the daemon runs as, and the socket's owner and group. The
/// socket's permissions say the same; this holds should somebody have changed them.
struct AdminAccess: Sendable {
    let owner: uid_t
    let group: gid_t

    init(_ access: SocketAccess) {
        owner = access.owner ?? geteuid()
        group = access.group ?? getegid()
    }

    /// - Parameter socket: of an accepted client.
    func permits(_ socket: borrowing FileDescriptor) -> Bool {
        guard case .user(let uid) = ConnectionOwner(ofUnixSocket: socket.rawValue) else { return false }
        if uid == 0 || uid == geteuid() || uid == owner { return true }
        return Self.groups(of: socket).contains(group)
    }

    /// The primary group and the supplementary ones, as they were at connect(2) (SO_PEERCRED and SO_PEERGROUPS, unix(7)).
    private static func groups(of socket: borrowing FileDescriptor) -> [gid_t] {
        var credentials = [UInt32](repeating: 0, count: 3)
        var size = socklen_t(12)
        guard getsockopt(socket.rawValue, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, size == 12 else {
            return []
        }
        // With no room, the kernel says how much it needs.
        size = 0
        guard getsockopt(socket.rawValue, SOL_SOCKET, SO_PEERGROUPS, nil, &size) != 0, errno == ERANGE else {
            return [credentials[2]]
        }
        var groups = [gid_t](repeating: 0, count: Int(size) / MemoryLayout<gid_t>.size)
        guard getsockopt(socket.rawValue, SOL_SOCKET, SO_PEERGROUPS, &groups, &size) == 0 else {
            return [credentials[2]]
        }
        return [credentials[2]] + groups
    }
}
