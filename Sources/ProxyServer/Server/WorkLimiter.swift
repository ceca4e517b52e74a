import Dispatch
import Synchronization

/// Runs work that may block on threads of its own: so much at once, so much waiting, and no more.
final class WorkLimiter: Sendable {
    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
        /// What of `waiting` has been started.
        var head = 0
    }

    private let queue: DispatchQueue
    private let runningLimit: Int
    private let waitingLimit: Int
    private let state = Mutex(State())

    init(label: String, running: Int, waiting: Int) {
        queue = DispatchQueue(label: label, attributes: .concurrent)
        runningLimit = running
        waitingLimit = waiting
    }

    /// Runs `work` soon, in the order of the calls; false if too much waits already.
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
        if starts { queue.async { self.work(off: work) } }
        return isTaken
    }

    /// Does `first`, and then what waits, until nothing does.
    private func work(off first: @Sendable () -> Void) {
        first()
        while let next = next() { next() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.head < state.waiting.count else {
                state.waiting = []
                state.head = 0
                state.running -= 1
                return nil
            }
            defer { state.head += 1 }
            return state.waiting[state.head]
        }
    }
}
