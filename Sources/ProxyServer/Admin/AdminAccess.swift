import CLinux
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
        var peer = clinux_credentials()
        guard clinux_peer_credentials(socket.rawValue, &peer) == 0 else { return false }
        if peer.uid == 0 || peer.uid == geteuid() || peer.uid == owner || peer.gid == group { return true }
        return Self.supplementaryGroups(of: socket).contains(group)
    }

    /// As they were at connect(2) (SO_PEERGROUPS, unix(7)); none if the kernel does not say.
    private static func supplementaryGroups(of socket: borrowing FileDescriptor) -> [gid_t] {
        // With no room, the kernel says how much it needs.
        var size: socklen_t = 0
        guard getsockopt(socket.rawValue, SOL_SOCKET, SO_PEERGROUPS, nil, &size) != 0, errno == ERANGE else {
            return []
        }
        var groups = [gid_t](repeating: 0, count: Int(size) / MemoryLayout<gid_t>.size)
        return getsockopt(socket.rawValue, SOL_SOCKET, SO_PEERGROUPS, &groups, &size) == 0 ? groups : []
    }
}
