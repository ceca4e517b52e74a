/// A deterministic automaton over bytes with all of its transitions written out; state 0 is where it begins.
///
/// After `minimized()` it is in normal form, so that two of them are equal exactly if they accept the same strings: it has the
/// fewest states, numbered breadth first, and the fewest byte classes, numbered by their smallest bytes.
struct DeterministicAutomaton: Sendable, Equatable {
    typealias StateID = Int32

    /// The class of each of the 256 bytes.
    var classOf: [UInt8]
    var classCount: Int
    /// For each state and byte class, the state that follows.
    var targets: [StateID]
    /// For each state, whether the input may end there.
    var accepting: [Bool]

    var stateCount: Int { accepting.count }

    func target(from state: StateID, class byteClass: Int) -> StateID {
        targets[Int(state) * classCount + byteClass]
    }

    func accepts(_ input: some Sequence<UInt8>) -> Bool {
        var state: StateID = 0
        for byte in input { state = target(from: state, class: Int(classOf[Int(byte)])) }
        return accepting[Int(state)]
    }

    /// The bytes of each class.
    var classBytes: [ByteSet] {
        var sets = [ByteSet](repeating: .none, count: classCount)
        for byte in UInt8.min...UInt8.max { sets[Int(classOf[Int(byte)])].insert(byte) }
        return sets
    }

    /// The state from which nothing is accepted, in an automaton in normal form.
    var deadState: StateID? {
        for state in 0..<stateCount where !accepting[state] {
            let row = targets[state * classCount..<(state + 1) * classCount]
            if row.allSatisfy({ $0 == StateID(state) }) { return StateID(state) }
        }
        return nil
    }
}
