extension Automaton {
    /// The states that accept where the input ends.
    func acceptingAtEnd() -> StateBits {
        var bits = StateBits(count: states.count)
        for (index, state) in states.enumerated() {
            let holds =
                switch state {
                case .byte: false
                case .split(let first, let second): bits.contains(first) || bits.contains(second)
                case .save(_, let next): bits.contains(next)
                case .accept: true
                }
            if holds { bits.insert(StateID(index)) }
        }
        return bits
    }

    /// The states from which `byte` and then what `after` stands for are accepted, if `after` are those that accept the
    /// input behind `byte`. O(`states.count`).
    func acceptingBefore(_ after: StateBits, byte: UInt8) -> StateBits {
        var bits = StateBits(count: states.count)
        for (index, state) in states.enumerated() {
            let holds =
                switch state {
                case .byte(let set, let next): after.contains(next) && sets[Int(set)].contains(byte)
                case .split(let first, let second): bits.contains(first) || bits.contains(second)
                case .save(_, let next): bits.contains(next)
                case .accept: false
                }
            if holds { bits.insert(StateID(index)) }
        }
        return bits
    }
}
