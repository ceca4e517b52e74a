import Synchronization

/// A deterministic automaton whose states are made when an input first needs them, shared by all sessions.
///
/// Known transitions are read without a lock. Making a state takes the lock for O(states of the automaton). When the states
/// take more memory than allowed they are dropped and rebuilt, at most once by one walk: a walk that needs more goes on
/// by stepping through contents, which costs more per byte but is as right. So no input makes it fail, and none can spoil
/// it for the inputs after it.
final class LazyDFA<Rules: Determinization>: Sendable {
    let rules: Rules
    /// Bytes of memory that the states may take.
    private let capacity: Int
    /// What walks begin with, made by the first of them; also the lock for what changes in a filling.
    private let current = Mutex<Filling<Rules>?>(nil)

    init(_ rules: Rules, capacity: Int) {
        self.rules = rules
        self.capacity = capacity
    }

    /// What walks use now; a fresh one if that is `exhausted`.
    func filling(insteadOf exhausted: Filling<Rules>? = nil) -> Filling<Rules> {
        current.withLock { current in
            if let current, current !== exhausted { return current }
            let filling = Filling(rules, capacity: capacity)
            current = filling
            return filling
        }
    }

    /// Where `byte` leads from `row`, made if need be; nil if there is no room for it.
    func transition(from row: Filling<Rules>.Row, _ byte: UInt8, in filling: Filling<Rules>) -> Filling<Rules>.Target? {
        current.withLock { _ in filling.makeTransition(from: row, byte) }
    }

    /// What stands for `content`, made if need be; nil if there is no room for it.
    func target(for content: Rules.Content, in filling: Filling<Rules>) -> Filling<Rules>.Target? {
        current.withLock { _ in filling.target(for: content) }
    }
}
