import Dispatch
import Glibc
import PeerIdentity
import Synchronization

/// A serial queue, and the sockets whose handlers run on it: all of them share one event source of Dispatch's.
///
/// With a source for each socket, an exchange costs several system calls and wakes up a thread for each side. A loop is woken up once,
/// does what all its sockets are ready for, and keeps its thread for a moment, since a reply or the next command mostly comes at once:
/// the kernel then wakes that thread, where Dispatch would wake one that wakes another. Other work for the queue ends the wait.
///
/// Confined to its queue, `init`, `deinit` and what has others' work done there aside, which is what makes `@unchecked Sendable` sound.
/// A socket's handler is called only while it is registered: what the kernel told of a socket that has been closed since is dropped.
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

    private let queue: DispatchQueue
    private let epoll: Epoll
    private let alarm: Alarm
    private let source: any DispatchSourceRead
    let deadlines: DeadlineQueue
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []

    /// How much work other threads have for the queue.
    private let claims = Atomic<Int>(0)
    /// How much they have that is in no hurry.
    private let leisurelyClaims = Atomic<Int>(0)
    /// Whether the loop may be waiting in the kernel.
    private let isWaiting = Atomic<Bool>(false)
    /// Whether a turn waits on the queue.
    private var isTurnQueued = false

    /// How long the loop waits for what comes next, in nanoseconds.
    private let patience: Int
    /// What the alarm is registered under.
    private static let alarmToken = UInt64.max

    /// - Parameter patience: how long the loop waits for what comes next, in nanoseconds (below a second): a few times as long as it
    ///   takes to wake up a thread.
    init(label: String, patience: Int = 500_000) throws(SystemError) {
        let epoll = try Epoll()
        let alarm = try Alarm()
        let code = epoll.watch(alarm.descriptor, for: .readable, insteadOf: [], token: Self.alarmToken)
        guard code == 0 else { throw SystemError("cannot watch an eventfd", code: code) }
        // Not on the shared global queue: Dispatch watches its threads by /proc, and aborts the process where it finds no descriptor
        // for that. This holds for all queues of the daemon.
        queue = DispatchQueue(label: label)
        self.patience = patience
        self.epoll = epoll
        self.alarm = alarm
        source = DispatchSource.makeReadSource(fileDescriptor: epoll.descriptor.rawValue, queue: queue)
        deadlines = DeadlineQueue(on: queue)
        source.setCancelHandler { withExtendedLifetime(epoll) {} }
        source.setEventHandler { [weak self] in self?.takeTurn(isExpectant: false) }
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

    // MARK: - Work

    /// Does `work` on the queue soon.
    func perform(_ work: @escaping @Sendable () -> Void) {
        claim()
        queue.async { [self] in
            claims.subtract(1, ordering: .relaxed)
            work()
        }
    }

    /// Does `work` on the queue, while the caller waits.
    func performAndWait<Result>(_ work: () -> Result) -> Result {
        claim()
        return queue.sync {
            claims.subtract(1, ordering: .relaxed)
            return work()
        }
    }

    /// Does `work` on the queue, while the caller waits; the sockets come first for a while.
    func performAtLeisure(_ work: () -> Void) {
        leisurelyClaims.add(1, ordering: .relaxed)
        queue.sync {
            leisurelyClaims.subtract(1, ordering: .relaxed)
            work()
        }
    }

    /// Leaves `turns` once those who waited for the queue before have had their turn.
    func takeTurn(in turns: DispatchGroup) {
        turns.enter()
        perform { turns.leave() }
    }

    /// To be called on the queue: has the loop wait for what comes next, as if something had come just now.
    func expect() {
        if isTurnQueued { return }
        isTurnQueued = true
        queue.async { [weak self] in
            guard let self else { return }
            isTurnQueued = false
            takeTurn(isExpectant: true)
        }
    }

    private func claim() {
        claims.add(1, ordering: .sequentiallyConsistent)
        if isWaiting.load(ordering: .sequentiallyConsistent) { alarm.ring() }
    }

    // MARK: - Events

    /// - Parameter isExpectant: whether to wait even for the first event.
    private func takeTurn(isExpectant: Bool) {
        var count = 0
        repeat {
            let ready = takeEvents(waiting: isExpectant || count > 0)
            if ready == 0 { return }
            count += ready
            // Other work comes first, and then the next turn, on the same thread.
        } while claims.load(ordering: .relaxed) == 0 && count < eventsPerTurn
        expect()
    }

    /// How many events are taken up before other work on the queue, such as a deadline's, is done.
    private var eventsPerTurn: Int { leisurelyClaims.load(ordering: .relaxed) > 0 ? 16 : 256 }

    /// Takes up what the sockets are ready for, and returns how many there were. Does not wait while others have work for the queue.
    private func takeEvents(waiting: Bool) -> Int {
        if waiting { isWaiting.store(true, ordering: .sequentiallyConsistent) }
        defer { isWaiting.store(false, ordering: .relaxed) }
        let mayWait = waiting && claims.load(ordering: .sequentiallyConsistent) == 0
        return epoll.wait(nanoseconds: mayWait ? patience : 0) { token, readiness in
            isWaiting.store(false, ordering: .relaxed)
            if token == Self.alarmToken { return alarm.silence() }
            let slot = slots[Int(token >> 32)]
            guard slot.generation == UInt32(truncatingIfNeeded: token) else { return }
            slot.handler?.isReady(for: readiness)
        }
    }

    // MARK: - Sockets

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
