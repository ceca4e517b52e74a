/// One part of a replacement, for `Pattern.image(of:)`.
public enum ReplacementPart: Sendable {
    case literal([UInt8])
    /// What the group took, or nothing where it took no part in the match.
    case group(Int)
    /// Something else, of which the language is known.
    case language(Language)
}

/// What replacing the matches of a pattern may give.
public struct ReplacementImage: Sendable {
    /// Holds every string that may come out.
    public let language: Language
    /// Whether it holds nothing else. If not, it is an over-approximation: each group was taken for itself, so a string is in
    /// the language also where its parts cannot come from one and the same match.
    public let isExact: Bool
}

extension Pattern {
    /// Every string that group `number` may take, and the empty one if the group can be left out; 0 is the whole match.
    ///
    /// An over-approximation: that the group takes just this, and not a longer or shorter part of the input, is left aside.
    /// Empty for a group that the pattern does not have.
    public func language(ofGroup number: Int) throws(TooLargeToDecide) -> Language {
        if number == 0 { return try Language(matching: self) }
        guard (1...max(1, groupCount)).contains(number), groupCount > 0 else { return .nothing }
        let language = Language(try DeterministicAutomaton(automaton.insideGroup(number)))
        if !automaton.canLeaveOut(group: number) { return language }
        return try language.union(Language(only: []))
    }

    /// What comes out where a match is replaced by `parts`.
    public func image(of parts: [ReplacementPart]) throws(TooLargeToDecide) -> ReplacementImage {
        if automaton.starts.isEmpty { return ReplacementImage(language: .nothing, isExact: true) }
        var languages: [Language] = []
        var isExact = true
        for part in parts {
            switch part {
            case .literal(let bytes): languages.append(try Language(only: bytes))
            case .language(let language): languages.append(language)
            case .group(let number):
                let language = try language(ofGroup: number)
                if isExact { isExact = try language.isSingleString }
                languages.append(language)
            }
        }
        return ReplacementImage(language: try Language(concatenating: languages), isExact: isExact)
    }
}

extension Language {
    fileprivate var isSingleString: Bool {
        get throws(TooLargeToDecide) {
            guard let witness else { return false }
            return try self == Language(only: witness)
        }
    }
}

extension Automaton {
    /// Accepts what is taken between a start and the next end of the group.
    fileprivate func insideGroup(_ number: Int) -> Automaton {
        var inside = self
        inside.starts = []
        let nothing = Int32(inside.sets.count)
        inside.sets.append(.none)
        for (index, state) in states.enumerated() {
            switch state {
            case .save(let slot, let next) where Int(slot) == 2 * number: inside.starts.append(next)
            case .save(let slot, _) where Int(slot) == 2 * number + 1: inside.states[index] = .accept(rule: 0)
            case .accept: inside.states[index] = .byte(set: nothing, next: 0)
            default: break
            }
        }
        return inside
    }

    /// Whether there is a match in which the group takes no part.
    fileprivate func canLeaveOut(group number: Int) -> Bool {
        var seen = [Bool](repeating: false, count: states.count)
        var open = starts
        while let state = open.popLast() {
            if seen[Int(state)] { continue }
            seen[Int(state)] = true
            switch states[Int(state)] {
            case .byte(_, let next): open.append(next)
            case .split(let first, let second): open += [first, second]
            case .save(let slot, let next): if Int(slot) != 2 * number + 1 { open.append(next) }
            case .accept: return true
            }
        }
        return false
    }
}
