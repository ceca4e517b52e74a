import CLinux
import Glibc
import PeerIdentity

/// Ends the waiting of an epoll instance, from any thread: an eventfd(2), which is readable from `ring` to `silence`.
final class Alarm: Sendable {
    let descriptor: FileDescriptor

    init() throws(SystemError) {
        let descriptor = clinux_eventfd()
        guard descriptor >= 0 else { throw SystemError("cannot make an eventfd") }
        self.descriptor = FileDescriptor(owning: descriptor)
    }

    func ring() {
        var one: UInt64 = 1
        _ = write(descriptor.rawValue, &one, MemoryLayout.size(ofValue: one))
    }

    func silence() {
        var count: UInt64 = 0
        _ = read(descriptor.rawValue, &count, MemoryLayout.size(ofValue: count))
    }
}
