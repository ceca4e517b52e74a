import CLinux
import Glibc

/// Who connected a unix socket, as the kernel noted when it did (SO_PEERCRED, unix(7)).
public struct PeerCredentials: Hashable, Sendable {
    /// The process that called connect(2); it may be gone, and its number another's, by now.
    public let pid: pid_t
    public let uid: uid_t
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

    init(_ credentials: clinux_credentials) {
        self.init(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid)
    }
}
