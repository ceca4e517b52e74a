import Dispatch
import Synchronization

/// One thread that does what it is given, one thing after the other, while the caller waits.
///
/// For work that takes much memory for a while: the C library keeps memory by thread, so that what one thread gives back serves
/// that thread alone. It lives as long as its owner, and then ends.
final class SerialThread: Sendable {
    private final class Queue: Sendable {
        /// Nil ends the thread.
        let work = Mutex<[(@Sendable () -> Void)?]>([])
        let count = DispatchSemaphore(value: 0)

        func add(_ item: (@Sendable () -> Void)?) {
            work.withLock { $0.append(item) }
            count.signal()
        }

        func run() {
            while true {
                count.wait()
                guard let next = work.withLock({ $0.removeFirst() }) else { return }
                next()
            }
        }
    }

    private let queue = Queue()
    private let isRunning: Bool

    init() {
        isRunning = DetachedThread.start { [queue] in queue.run() }
    }

    deinit {
        if isRunning { queue.add(nil) }
    }

    /// Does `work` and gives its result; on the caller's own thread if there is no other to be had.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) -> Result {
        guard isRunning else { return work() }
        let box = Box<Result>()
        let done = DispatchSemaphore(value: 0)
        queue.add {
            let result = work()
            box.value.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        return box.value.withLock { $0 } ?? work()
    }

    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }
}
