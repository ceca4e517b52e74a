import Glibc
import Synchronization

/// Runs work that may block on threads of its own: so much at once, so much waiting, and no more.
///
/// The threads are not Dispatch's: of those there are as many as processors, and sessions wait for them.
final class WorkLimiter: Sendable {
    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
        /// What of `waiting` has been started.
        var head = 0
    }

    private let runningLimit: Int
    private let waitingLimit: Int
    private let givesWay: Bool
    private let state = Mutex(State())

    /// - Parameter givesWay: whether everything else in this process comes first (nice(1)): for work that takes long.
    init(running: Int, waiting: Int, givesWay: Bool = false) {
        runningLimit = running
        waitingLimit = waiting
        self.givesWay = givesWay
    }

    /// Runs `work` soon, in the order of the calls; false if too much waits already, or there is no thread to be had.
    func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        let (isTaken, starts) = state.withLock { state in
            if state.running < runningLimit {
                state.running += 1
                return (true, true)
            }
            guard state.waiting.count - state.head < waitingLimit else { return (false, false) }
            state.waiting.append(work)
            return (true, false)
        }
        guard starts else { return isTaken }
        if DetachedThread.start({ self.work(off: work) }) { return true }
        state.withLock { $0.running -= 1 }
        return false
    }

    /// Does `first`, and then what waits, until nothing does.
    private func work(off first: @Sendable () -> Void) {
        // Of this thread alone. Where a sandbox forbids it, nothing is lost but time.
        if givesWay { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
        first()
        while let next = next() {
            // A lower priority alone does not do: who wakes up meanwhile would wait until the slice is over, several ms.
            if givesWay { sched_yield() }
            next()
        }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.head < state.waiting.count else {
                state.waiting = []
                state.head = 0
                state.running -= 1
                return nil
            }
            let next = state.waiting[state.head]
            state.head += 1
            // Else what has been done would pile up for as long as there is always something to do.
            if state.head > waitingLimit {
                state.waiting.removeFirst(state.head)
                state.head = 0
            }
            return next
        }
    }
}
