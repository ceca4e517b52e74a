import CLinux
import Glibc

/// Who connected a unix socket, as the kernel noted when it did (SO_PEERCRED, unix(7)).
public struct PeerCredentials: Hashable, Sendable {
    /// The process that called connect(2); it may be gone, and its number another's, by now.
    public let pid: pid_t
    /// Its effective user at that time.
    public let uid: uid_t
    /// Its effective group at that time.
    public let gid: gid_t

    public init(pid: pid_t, uid: uid_t, gid: gid_t) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }

    /// Asks the kernel about a connected unix socket.
    ///
    /// For other sockets the kernel answers with a pid of 0 instead of an error, so callers must know the address family.
    init(ofUnixSocket descriptor: Int32) throws(SystemCallError) {
        var credentials = clinux_credentials()
        guard clinux_peer_credentials(descriptor, &credentials) == 0 else { throw SystemCallError("SO_PEERCRED") }
        self.init(credentials)
    }

    /// The supplementary groups that who connected a unix socket had when it did (SO_PEERGROUPS, socket(7)).
    static func groups(ofUnixSocket descriptor: Int32) throws(SystemCallError) -> [gid_t] {
        var groups = [gid_t](repeating: 0, count: 64)
        while true {
            var length = socklen_t(groups.count * MemoryLayout<gid_t>.stride)
            if getsockopt(descriptor, SOL_SOCKET, SO_PEERGROUPS, &groups, &length) == 0 {
                return Array(groups.prefix(Int(length) / MemoryLayout<gid_t>.stride))
            }
            // NGROUPS_MAX, and then the kernel would have said how many there are.
            guard errno == ERANGE, groups.count < 65536 else { throw SystemCallError("SO_PEERGROUPS") }
            groups = [gid_t](repeating: 0, count: 65536)
        }
    }

    init(_ credentials: clinux_credentials) {
        self.init(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid)
    }
}
