import CLinux
import Glibc

/// A pidfd: one process, whatever becomes of its number (pidfd_open(2)).
struct ProcessDescriptor: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// The process that connected a unix socket (SO_PEERPIDFD, Linux 6.5), or nil where the kernel cannot say.
    init?(peerOfUnixSocket socket: Int32) throws(SystemCallError) {
        let pidfd = clinux_peer_pidfd(socket)
        guard pidfd >= 0 else {
            if errno == ENOPROTOOPT { return nil }
            // Linux before 6.16 says EINVAL if the process has been reaped.
            throw SystemCallError("SO_PEERPIDFD", code: errno == EINVAL ? ESRCH : errno)
        }
        descriptor = FileDescriptor(owning: pidfd)
    }

    /// The process that has the number now.
    init(pid: pid_t) throws(SystemCallError) {
        let pidfd = clinux_pidfd_open(pid)
        guard pidfd >= 0 else { throw SystemCallError("pidfd_open \(pid)") }
        descriptor = FileDescriptor(owning: pidfd)
    }

    /// Whether the process still runs: a zombie does not.
    var isAlive: Bool {
        var events = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        return poll(&events, 1, 0) == 0
    }
}
