import Synchronization

/// How many sessions are busy just now.
final class TurnCounter: Sendable {
    private let count = Atomic(0)

    func begin() {
        count.wrappingAdd(1, ordering: .relaxed)
    }

    func end() {
        count.wrappingSubtract(1, ordering: .relaxed)
    }

    /// How long, in nanoseconds, the session that asks may stay awake for what may come next; 0 if others are busy too.
    ///
    /// An answer or the next command mostly comes at once, and to be woken up by Dispatch takes two threads and longer than
    /// all the rest.
    var patience: Int { count.load(ordering: .relaxed) <= 1 ? 50_000 : 0 }
}
