import CLinux
import Glibc
import PeerIdentity

/// An epoll instance (epoll(7)), level-triggered: tells which of the descriptors registered with it are ready.
final class Epoll: Sendable {
    /// What a descriptor is watched for, and what it is ready for. One that is broken or at its end is ready for both.
    struct Readiness: OptionSet, Sendable {
        let rawValue: Int
        static let readable = Readiness(rawValue: 1)
        static let writable = Readiness(rawValue: 2)

        init(rawValue: Int) { self.rawValue = rawValue }

        fileprivate init(events: UInt32) {
            var readiness: Readiness = []
            if events & (EPOLLIN.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { readiness.insert(.readable) }
            if events & (EPOLLOUT.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { readiness.insert(.writable) }
            self = readiness
        }

        fileprivate var events: UInt32 {
            (contains(.readable) ? EPOLLIN.rawValue : 0) | (contains(.writable) ? EPOLLOUT.rawValue : 0)
        }
    }

    let descriptor: FileDescriptor

    init() throws(SystemError) {
        let descriptor = clinux_epoll_create()
        guard descriptor >= 0 else { throw SystemError("cannot make an epoll instance") }
        self.descriptor = FileDescriptor(owning: descriptor)
    }

    /// Changes what `watched` is watched for from `old` to `new`, different from it. Returns 0 or errno(3).
    ///
    /// - Parameter token: what `wait` calls it.
    func watch(_ watched: borrowing FileDescriptor, for new: Readiness, insteadOf old: Readiness, token: UInt64)
        -> Int32
    {
        let code = clinux_epoll_set(
            descriptor.rawValue, watched.rawValue, old.isEmpty ? 0 : 1, new.events, token)
        return code == 0 ? 0 : errno
    }

    /// Calls `body` for each descriptor that is ready, a few dozen at most, after waiting for the first one for so many nanoseconds
    /// (below a second) at most. Returns how many there were.
    func wait(nanoseconds: Int, _ body: (_ token: UInt64, Readiness) -> Void) -> Int {
        withUnsafeTemporaryAllocation(of: clinux_event.self, capacity: 64) { events in
            let count = Int(
                clinux_epoll_wait(descriptor.rawValue, events.baseAddress, Int32(events.count), nanoseconds))
            guard count > 0 else { return 0 }
            for event in events[..<count] { body(event.token, Readiness(events: event.events)) }
            return count
        }
    }
}
