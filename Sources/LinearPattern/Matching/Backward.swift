/// Follows an automaton from the input's end: from which states what remains of the input is accepted.
struct Backward: Determinization {
    /// A set of states, a bit each.
    struct Content: Hashable, Sendable {
        fileprivate var words: [UInt64]

        func contains(_ state: Automaton.StateID) -> Bool {
            words[Int(state) >> 6] >> UInt64(state & 63) & 1 == 1
        }

        fileprivate mutating func insert(_ state: Int) {
            words[state >> 6] |= 1 << UInt64(state & 63)
        }
    }

    let automaton: Automaton

    init(_ automaton: Automaton) {
        self.automaton = automaton
    }

    func makeScratch() {}

    func start(_: inout Void) -> Content {
        closure { state, _ in
            if case .accept = state { true } else { false }
        }
    }

    func step(_ content: Content, _ byte: UInt8, _: inout Void) -> Content {
        closure { state, sets in
            if case .byte(let set, let next) = state {
                sets[Int(set)].contains(byte) && content.contains(next)
            } else {
                false
            }
        }
    }

    func normalize(_: inout Content) {}

    func isDead(_ content: Content) -> Bool { content.words.allSatisfy { $0 == 0 } }

    func size(of content: Content) -> Int { 64 + 8 * content.words.count }

    /// The states that `holds` names, and those that lead to them without a byte. One pass is enough, for such states lead to
    /// lower numbers only.
    private func closure(where holds: (Automaton.State, [ByteSet]) -> Bool) -> Content {
        var content = Content(words: Array(repeating: 0, count: (automaton.states.count + 63) / 64))
        for (index, state) in automaton.states.enumerated() {
            let isMember =
                switch state {
                case .byte, .accept: holds(state, automaton.sets)
                case .split(let first, let second): content.contains(first) || content.contains(second)
                case .save(_, let next): content.contains(next)
                }
            if isMember { content.insert(index) }
        }
        return content
    }
}
