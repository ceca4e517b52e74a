/// A nondeterministic automaton over bytes, whose ways are ordered by preference.
///
/// Invariants: there is no cycle of states that take no byte, and the states are numbered so that such a state leads to
/// lower numbers only; from every state acceptance can be reached. So one pass in order of the numbers closes a set of
/// states, forwards or backwards.
struct Automaton: Sendable {
    typealias StateID = Int32

    enum State: Sendable {
        /// Takes one byte of the set with this index.
        case byte(set: Int32, next: StateID)
        /// Both ways are open; the first is preferred.
        case split(StateID, StateID)
        /// The input's offset here is a group's start (even slots) or end (odd slots).
        case save(slot: Int32, next: StateID)
        /// Accepts at the end of the input, for the rule with this index.
        case accept(rule: Int32)
    }

    var states: [State] = []
    var sets: [ByteSet] = []
    /// Where to begin; empty for an automaton that accepts nothing.
    var starts: [StateID] = []

    init() {}

    /// Takes spaces out of the sets that hold what nobody names: the byte 1 stands for that.
    mutating func takeOnlyNamedSpaces() {
        let space = ByteSet([UInt8(ascii: " ")])
        sets = sets.map { $0.contains(1) ? $0.subtracting(space) : $0 }
    }

    /// All of them side by side, the first one's accepting states for rule 0 and so on.
    init(uniting automata: [Automaton]) {
        var setIndex: [ByteSet: Int32] = [:]
        for (rule, automaton) in automata.enumerated() {
            let offset = StateID(states.count)
            let ownSets = automaton.sets.map { set in
                if let index = setIndex[set] { return index }
                let index = Int32(sets.count)
                sets.append(set)
                setIndex[set] = index
                return index
            }
            for state in automaton.states {
                switch state {
                case .byte(let set, let next): states.append(.byte(set: ownSets[Int(set)], next: next + offset))
                case .split(let first, let second): states.append(.split(first + offset, second + offset))
                case .save(_, let next): states.append(.split(next + offset, next + offset))
                case .accept: states.append(.accept(rule: Int32(rule)))
                }
            }
            starts += automaton.starts.map { $0 + offset }
        }
    }
}
