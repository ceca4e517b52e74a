/// A set of an automaton's states, a bit each.
struct StateBits: Hashable, Sendable {
    private var words: [UInt64]

    init(count: Int) {
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    func contains(_ state: Automaton.StateID) -> Bool {
        words[Int(state) >> 6] >> UInt64(state & 63) & 1 == 1
    }

    mutating func insert(_ state: Automaton.StateID) {
        words[Int(state) >> 6] |= 1 << UInt64(state & 63)
    }
}
