/// Follows one pattern's automaton in all its states at once; each set of states that comes up is known by a number.
///
/// The number 0 stands for the empty set, from which nothing is accepted.
struct StateSets {
    private let forward: Automaton
    private var numbers: [[Automaton.StateID]: Int32] = [[]: 0]
    private var sets: [[Automaton.StateID]] = [[]]
    private var accepting = [false]
    /// By set, and then by byte; -1 where it has not been asked for.
    private var steps: [[Int32]] = [[Int32](repeating: 0, count: 256)]
    private(set) var start: Int32 = 0

    init(_ automaton: Automaton) {
        forward = automaton
        start = number(of: Self.closure(of: automaton.starts, in: automaton))
    }

    func accepts(_ set: Int32) -> Bool { accepting[Int(set)] }

    /// Where `byte` leads.
    mutating func step(_ set: Int32, _ byte: UInt8) -> Int32 {
        let known = steps[Int(set)][Int(byte)]
        if known >= 0 { return known }
        var targets = [Automaton.StateID]()
        for state in sets[Int(set)] {
            if case .byte(let bytes, let next) = forward.states[Int(state)], forward.sets[Int(bytes)].contains(byte) {
                targets.append(next)
            }
        }
        let result = number(of: Self.closure(of: targets, in: forward))
        steps[Int(set)][Int(byte)] = result
        return result
    }

    private mutating func number(of states: [Automaton.StateID]) -> Int32 {
        if let known = numbers[states] { return known }
        let number = Int32(sets.count)
        numbers[states] = number
        sets.append(states)
        steps.append([Int32](repeating: -1, count: 256))
        accepting.append(
            states.contains { state in
                if case .accept = forward.states[Int(state)] { true } else { false }
            })
        return number
    }

    /// What is reached without a byte: the states that take one, and those that accept.
    private static func closure(of states: [Automaton.StateID], in automaton: Automaton) -> [Automaton.StateID] {
        var seen = Set(states)
        var open = Array(seen)
        var kept = [Automaton.StateID]()
        while let state = open.popLast() {
            switch automaton.states[Int(state)] {
            case .byte, .accept: kept.append(state)
            case .split(let first, let second):
                for next in [first, second] where seen.insert(next).inserted { open.append(next) }
            case .save(_, let next):
                if seen.insert(next).inserted { open.append(next) }
            }
        }
        return kept.sorted()
    }
}
