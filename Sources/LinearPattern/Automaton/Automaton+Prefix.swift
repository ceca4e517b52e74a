extension Automaton {
    /// The longest string that everything accepted begins with, and whether it is all that is accepted.
    var literalPrefix: (bytes: [UInt8], isWhole: Bool) {
        var prefix: [UInt8] = []
        var current = Set(starts)
        while let step = forcedStep(from: current) {
            switch step {
            case .byte(let byte, let next):
                prefix.append(byte)
                current = next
            case .end:
                return (prefix, true)
            }
        }
        return (prefix, false)
    }

    private enum ForcedStep {
        case byte(UInt8, next: Set<StateID>)
        case end
    }

    /// What must come next from any of `entries`; nil if there is a choice.
    private func forcedStep(from entries: Set<StateID>) -> ForcedStep? {
        var open = Array(entries)
        var seen = entries
        var bytes = ByteSet.none
        var next = Set<StateID>()
        var accepts = false
        while let state = open.popLast() {
            switch states[Int(state)] {
            case .byte(let set, let target):
                bytes = bytes.union(sets[Int(set)])
                next.insert(target)
            case .split(let first, let second):
                for way in [first, second] where seen.insert(way).inserted { open.append(way) }
            case .save(_, let target):
                if seen.insert(target).inserted { open.append(target) }
            case .accept:
                accepts = true
            }
        }
        switch (accepts, bytes.count) {
        case (true, 0): return .end
        case (false, 1): return bytes.first.map { .byte($0, next: next) }
        default: return nil
        }
    }
}
