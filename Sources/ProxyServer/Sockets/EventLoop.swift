import Dispatch
import Glibc
import PeerIdentity

/// A serial queue, and the sockets whose handlers run on it: all of them share one event source of Dispatch's.
///
/// With a source for each socket, an exchange costs several system calls and wakes up a thread for each side. A loop is woken up once,
/// does what all its sockets are ready for, and stays awake for a moment, since a reply or the next command mostly comes at once.
///
/// Confined to its queue, `init` and `deinit` aside, which is what makes `@unchecked Sendable` sound. A socket's handler is called only
/// while it is registered: what the kernel told of a socket that has been closed since is dropped.
final class EventLoop: @unchecked Sendable {
    /// What a loop calls when a socket is ready.
    protocol Handler: AnyObject {
        func isReady(for readiness: Epoll.Readiness)
    }

    private struct Slot {
        var handler: (any Handler)?
        /// Which of the sockets that had this slot has it now.
        var generation: UInt32 = 0
    }

    let queue: DispatchQueue
    private let epoll: Epoll
    private let source: any DispatchSourceRead
    let deadlines: DeadlineQueue
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []

    /// How long the loop stays awake for what comes next, in nanoseconds. It sleeps meanwhile, but on a thread of its own.
    private static let patience = 50_000
    /// How many events are taken up before other work on the queue gets its turn.
    private static let eventsPerTurn = 256

    init(label: String) throws(SystemError) {
        let epoll = try Epoll()
        // Not on the shared global queue: Dispatch watches its threads by /proc, and aborts the process where it finds no descriptor
        // for that. This holds for all queues of the daemon.
        queue = DispatchQueue(label: label)
        self.epoll = epoll
        source = DispatchSource.makeReadSource(fileDescriptor: epoll.descriptor.rawValue, queue: queue)
        deadlines = DeadlineQueue(on: queue)
        source.setCancelHandler { withExtendedLifetime(epoll) {} }
        source.setEventHandler { [weak self] in self?.takeTurn() }
        source.resume()
        deadlines.start()
    }

    /// One for each processor.
    static func makeAll(label: String) throws(SystemError) -> [EventLoop] {
        var loops: [EventLoop] = []
        for _ in 0..<max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) { loops.append(try EventLoop(label: label)) }
        return loops
    }

    deinit {
        source.cancel()
        deadlines.stop()
    }

    private func takeTurn() {
        var count = 0
        while count < Self.eventsPerTurn {
            let ready = epoll.wait(nanoseconds: count == 0 ? 0 : Self.patience) { token, readiness in
                let slot = slots[Int(token >> 32)]
                guard slot.generation == UInt32(truncatingIfNeeded: token) else { return }
                slot.handler?.isReady(for: readiness)
            }
            if ready == 0 { return }
            count += ready
        }
    }

    /// One socket's place in a loop. Confined to the loop's queue.
    ///
    /// Whoever registers a socket must deregister it before its descriptor is closed; until then the loop keeps the handler alive.
    struct Registration {
        private var index: Int?
        private var readiness: Epoll.Readiness = []

        /// Changes what the socket is watched for: nothing takes it out of the loop. Returns 0 or errno(3), and then it is watched for
        /// nothing.
        mutating func watch(
            _ descriptor: borrowing FileDescriptor, for new: Epoll.Readiness, in loop: EventLoop, handler: any Handler
        ) -> Int32 {
            guard new != readiness else { return 0 }
            let index = index ?? loop.takeSlot(for: handler)
            let token = UInt64(index) << 32 | UInt64(loop.slots[index].generation)
            let code = loop.epoll.watch(descriptor, for: new, insteadOf: readiness, token: token)
            readiness = code == 0 ? new : []
            if readiness.isEmpty {
                loop.freeSlot(index)
                self.index = nil
            } else {
                self.index = index
            }
            return code
        }
    }

    private func takeSlot(for handler: any Handler) -> Int {
        if let index = freeSlots.popLast() {
            slots[index].handler = handler
            return index
        }
        slots.append(Slot(handler: handler))
        return slots.count - 1
    }

    private func freeSlot(_ index: Int) {
        slots[index].handler = nil
        slots[index].generation &+= 1
        freeSlots.append(index)
    }
}
