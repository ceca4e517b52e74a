import Dispatch
import Glibc
import Synchronization

/// Runs work that may block on threads of its own: so much at once, so much waiting, and no more.
///
/// The threads are not Dispatch's: of those there are as many as processors, and sessions wait for them.
final class WorkLimiter: Sendable {
    private struct State {
        /// Threads that work, or wait for work.
        var threads = 0
        var idleThreads = 0
        var waiting: [@Sendable () -> Void] = []
        /// What of `waiting` has been started.
        var head = 0

        var waitingCount: Int { waiting.count - head }
    }

    private let runningLimit: Int
    private let waitingLimit: Int
    private let givesWay: Bool
    private let state = Mutex(State())
    private let newWork = DispatchSemaphore(value: 0)
    /// For work that no thread of ours is to be had for. One queue: where threads lack, many would ask for one each.
    private let orphanage = DispatchQueue(label: "onion-grater.orphans")

    /// How long a thread without work is kept: to start one takes as long as much of the work does.
    private static let patience = DispatchTimeInterval.seconds(5)

    /// - Parameter givesWay: whether everything else in this process comes first (nice(1)): for work that takes long.
    init(running: Int, waiting: Int, givesWay: Bool = false) {
        runningLimit = running
        waitingLimit = waiting
        self.givesWay = givesWay
    }

    /// Runs `work` soon, in the order of the calls; false if too much waits already.
    func run(_ work: @escaping @Sendable () -> Void) -> Bool {
        let (isTaken, starts) = state.withLock { state in
            guard state.waitingCount < waitingLimit else { return (false, false) }
            state.waiting.append(work)
            let starts = state.waitingCount > state.idleThreads && state.threads < runningLimit
            if starts { state.threads += 1 }
            return (true, starts)
        }
        guard starts else {
            if isTaken { newWork.signal() }
            return isTaken
        }
        if !DetachedThread.start({ self.workUntilIdle() }) { doWithoutThread() }
        return true
    }

    /// The system has no thread for us. If nobody else is there to do what waits, one of Dispatch's threads must, late as that may be.
    private func doWithoutThread() {
        let orphans = state.withLock { state -> ArraySlice<@Sendable () -> Void> in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            defer {
                state.waiting = []
                state.head = 0
            }
            return state.waiting[state.head...]
        }
        for work in orphans { orphanage.async(execute: work) }
    }

    /// Does what waits, until nothing has come for a while.
    private func workUntilIdle() {
        // Of this thread alone. Where a sandbox forbids it, nothing is lost but time.
        if givesWay { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
        while true {
            while let next = next() {
                next()
                // A lower priority alone does not do: who wakes up meanwhile would wait until the slice is over, several ms.
                if givesWay { sched_yield() }
            }
            let hasTimedOut = newWork.wait(timeout: .now() + Self.patience) == .timedOut
            if comesBack(hasTimedOut) { continue }
            return
        }
    }

    /// What waits; without any, the calling thread is idle from now on.
    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.waitingCount > 0 else {
                state.waiting = []
                state.head = 0
                state.idleThreads += 1
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

    /// Ends the idleness of the calling thread; false if it is to end.
    private func comesBack(_ hasTimedOut: Bool) -> Bool {
        state.withLock { state in
            state.idleThreads -= 1
            if !hasTimedOut || state.waitingCount > 0 { return true }
            state.threads -= 1
            return false
        }
    }
}
