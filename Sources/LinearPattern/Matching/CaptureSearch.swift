/// Finds the way through an automaton that Python's backtracking would find first, without backtracking.
///
/// A pass from the input's end to its start tells for each place which states lead to acceptance; then a walk from the start
/// takes the first choice that does, at every state. The pass keeps what it finds for one block of the input at a time and
/// repeats itself block by block, so memory stays small for any input.
struct CaptureSearch {
    /// Places whose sets are held at once.
    static let blockLength = 4_096

    let automaton: Automaton
    let input: UnsafeBufferPointer<UInt8>
    var slots: [Int?]

    init(_ automaton: Automaton, _ input: UnsafeBufferPointer<UInt8>, groupCount: Int) {
        self.automaton = automaton
        self.input = input
        slots = Array(repeating: nil, count: 2 * (groupCount + 1))
    }

    /// What the groups took; nil if the whole input is not accepted.
    mutating func run() -> Captures? {
        guard let start = automaton.starts.first else { return nil }
        let blocks = max(1, (input.count + Self.blockLength - 1) / Self.blockLength)
        // For each block but the first the set at its end, last block first.
        var ends = [automaton.acceptingAtEnd()]
        for block in stride(from: blocks - 1, to: 0, by: -1) {
            ends.append(sets(in: range(ofBlock: block), end: ends[ends.count - 1])[0])
        }
        var state = start
        for block in 0..<blocks {
            let range = range(ofBlock: block)
            let sets = sets(in: range, end: ends.removeLast())
            guard block > 0 || sets[0].contains(start) else { return nil }
            for place in range {
                state = step(from: skipEmpty(state, sets[place - range.lowerBound], at: place))
            }
            if block == blocks - 1 {
                _ = skipEmpty(state, sets[range.count], at: range.upperBound)
            }
        }
        slots[0] = 0
        slots[1] = input.count
        return Captures(slots: slots)
    }

    private func range(ofBlock block: Int) -> Range<Int> {
        block * Self.blockLength..<min(input.count, (block + 1) * Self.blockLength)
    }

    /// For each place of `range` and its end, the states that lead to acceptance from there.
    private func sets(in range: Range<Int>, end: StateBits) -> [StateBits] {
        var reversed = [end]
        for place in range.reversed() {
            reversed.append(automaton.acceptingBefore(reversed[reversed.count - 1], byte: input[place]))
        }
        return reversed.reversed()
    }

    /// Goes on from `state` without taking a byte, by the first ways that lead to acceptance.
    private mutating func skipEmpty(
        _ state: Automaton.StateID, _ accepting: StateBits, at place: Int
    ) -> Automaton.StateID {
        var state = state
        while true {
            switch automaton.states[Int(state)] {
            case .byte, .accept: return state
            case .split(let first, let second): state = accepting.contains(first) ? first : second
            case .save(let slot, let next):
                slots[Int(slot)] = place
                state = next
            }
        }
    }

    private func step(from state: Automaton.StateID) -> Automaton.StateID {
        guard case .byte(_, let next) = automaton.states[Int(state)] else { return state }
        return next
    }
}
