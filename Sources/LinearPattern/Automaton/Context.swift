/// What an assertion or an empty iteration needs to know about the way that led to a state.
struct Context: Hashable {
    /// What the byte before this place is, as far as any assertion of the program asks.
    enum Before: Hashable {
        case start, wordByte, newline, other
    }

    /// What may come next, one member for each case that some assertion tells from the others.
    struct After: OptionSet, Hashable {
        let rawValue: UInt8
        static let wordByte = After(rawValue: 1)
        static let finalNewline = After(rawValue: 2)
        static let otherNewline = After(rawValue: 4)
        static let otherByte = After(rawValue: 8)
        static let end = After(rawValue: 16)
        static let anything = After(rawValue: 31)
    }

    var before = Before.other
    var after = After.anything
    /// A bit for each enclosing repetition whose current iteration has not taken a byte yet.
    var idleLoops: UInt32 = 0

    /// Adds what `assertion` requires; false if it cannot hold.
    mutating func require(_ assertion: Assertion) -> Bool {
        switch assertion {
        case .start: return before == .start
        case .lineStart: return before == .start || before == .newline
        case .end: after.formIntersection(.end)
        case .endOrFinalNewline: after.formIntersection([.end, .finalNewline])
        case .lineEnd: after.formIntersection([.end, .finalNewline, .otherNewline])
        case .wordBoundary:
            after.formIntersection(before == .wordByte ? After.anything.subtracting(.wordByte) : .wordByte)
        case .notWordBoundary:
            after.formIntersection(before == .wordByte ? .wordByte : After.anything.subtracting(.wordByte))
            if before == .start { after.remove(.end) }
        }
        return !after.isEmpty
    }

    /// What may come after a byte that is taken here, for the bytes that allow it.
    var successors: [(after: After, bytes: ByteSet)] {
        if after == .anything { return [(.anything, .all)] }
        var plain = ByteSet.none
        if after.contains(.wordByte) { plain = plain.union(.wordBytes) }
        if after.contains(.otherByte) { plain = plain.union(ByteSet.wordBytes.union(.newline).complement) }
        switch (after.contains(.finalNewline), after.contains(.otherNewline)) {
        case (true, true): return [(.anything, plain.union(.newline))]
        case (true, false): return [(.anything, plain), (.end, .newline)]
        case (false, true): return [(.anything, plain), (After.anything.subtracting(.end), .newline)]
        case (false, false): return [(.anything, plain)]
        }
    }

    /// The bytes by what they are for an assertion behind them.
    static func byteKinds(words: Bool, lines: Bool) -> [(before: Before, bytes: ByteSet)] {
        var kinds: [(before: Before, bytes: ByteSet)] = []
        var rest = ByteSet.all
        if words {
            kinds.append((.wordByte, .wordBytes))
            rest = rest.subtracting(.wordBytes)
        }
        if lines {
            kinds.append((.newline, .newline))
            rest = rest.subtracting(.newline)
        }
        return kinds + [(.other, rest)]
    }
}
