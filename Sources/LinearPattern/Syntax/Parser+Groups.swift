extension Parser {
    /// Reads what begins with `(` at `start`, which has been taken. Nil for what matches nothing by itself: a comment, or
    /// global flags, allowed only where `mayTakeFlags`.
    mutating func parseGroup(from start: Int, mayTakeFlags: Bool) throws(PatternError) -> Item? {
        guard take("?") else { return try parseCapturing(from: start) }
        guard let kind = takeAny() else {
            throw PatternError(at: start, "the pattern ends inside of '(?'")
        }
        switch kind {
        case UInt8(ascii: ":"):
            return Item(expression: try parseInner(from: start), kind: .atom)
        case UInt8(ascii: "P"):
            return try parsePython(from: start)
        case UInt8(ascii: "#"):
            if try skip(past: ")") { return nil }
            throw PatternError(at: start, "a comment without ')'")
        case UInt8(ascii: "="), UInt8(ascii: "!"):
            throw PatternError(
                at: start, "look-ahead is not supported: its cost cannot be bounded",
                suggestion: "what may follow, written out; or a rule of its own for each case"
            )
        case UInt8(ascii: "<"):
            if next == UInt8(ascii: "=") || next == UInt8(ascii: "!") {
                throw PatternError(
                    at: start, "look-behind is not supported: its cost cannot be bounded",
                    suggestion: "what may come before, written out; or a rule of its own for each case"
                )
            }
            throw PatternError(at: start, "'(?<' is not known", suggestion: "(?P<name>…) for a named group")
        case UInt8(ascii: ">"):
            throw PatternError(
                at: start, "an atomic group is not supported",
                suggestion: "(?:…); matching takes linear time in any case"
            )
        case UInt8(ascii: "("):
            throw PatternError(
                at: start, "a condition on a group is not supported", suggestion: "an alternation of the two forms"
            )
        default:
            index -= 1
            return try parseFlags(from: start, mayTakeFlags: mayTakeFlags)
        }
    }

    /// Reads up to and including the `)` that belongs to the `(` at `start`.
    private mutating func parseInner(from start: Int) throws(PatternError) -> Expression {
        if nesting == PatternLimits.nesting {
            throw PatternError(at: start, "groups are nested more than \(PatternLimits.nesting) deep")
        }
        nesting += 1
        let expression = try parseAlternation()
        nesting -= 1
        guard take(")") else {
            throw PatternError(at: start, "'(' without ')'", suggestion: #"\( for a literal one"#)
        }
        return expression
    }

    private mutating func parseCapturing(from start: Int) throws(PatternError) -> Item {
        groupCount += 1
        let number = groupCount
        return Item(expression: .group(number, try parseInner(from: start)), kind: .atom)
    }

    /// Reads the rest of `(?P<name>…)`.
    private mutating func parsePython(from start: Int) throws(PatternError) -> Item {
        if take("=") { throw Self.backreference(at: start) }
        guard take("<") else {
            throw PatternError(at: start, "'(?P' is not known like this", suggestion: "(?P<name>…) for a named group")
        }
        let nameStart = index
        while let byte = next, ByteSet.wordBytes.contains(byte) { index += 1 }
        let name = bytes[nameStart..<index]
        guard take(">"), let first = name.first, !ByteSet.digits.contains(first) else {
            throw PatternError(
                at: nameStart, "a group's name is made of letters, digits and '_', and does not begin with a digit",
                suggestion: "(?P<name>…)"
            )
        }
        let text = String(decoding: name, as: UTF8.self)
        if let other = groupNames[text] {
            throw PatternError(at: nameStart, "group \(other) has the name '\(text)' already")
        }
        groupNames[text] = groupCount + 1
        return try parseCapturing(from: start)
    }

    /// Reads `(?flags)` or `(?flags-flags:…)`; `(?` has been taken.
    private mutating func parseFlags(from start: Int, mayTakeFlags: Bool) throws(PatternError) -> Item? {
        let added = try takeFlags(from: start)
        if take(")"), added.hasAny {
            guard mayTakeFlags else {
                throw PatternError(
                    at: start, "flags for the whole pattern are allowed only at its start",
                    suggestion: "(?i) as the first thing, or (?i:…) around the part that needs it"
                )
            }
            flags.formUnion(added.flags)
            return nil
        }
        var removed: (flags: Flags, hasAny: Bool) = ([], false)
        if take("-") {
            let removedStart = index
            removed = try takeFlags(from: start)
            guard removed.hasAny, !bytes[removedStart..<index].contains(UInt8(ascii: "a")) else {
                throw PatternError(at: removedStart, "i, m, s or x must follow '-'")
            }
        }
        guard added.hasAny || removed.hasAny, take(":") else {
            throw PatternError(at: start, "'(?' is not known like this", suggestion: "(?:…) for a plain group")
        }
        if !added.flags.isDisjoint(with: removed.flags) {
            throw PatternError(at: start, "a flag is turned on and off at once")
        }
        let outer = flags
        flags = flags.union(added.flags).subtracting(removed.flags)
        defer { flags = outer }
        return Item(expression: try parseInner(from: start), kind: .atom)
    }

    private mutating func takeFlags(from start: Int) throws(PatternError) -> (flags: Flags, hasAny: Bool) {
        var taken: Flags = []
        let firstIndex = index
        while let byte = next, ByteSet.letters.contains(byte) {
            switch byte {
            case UInt8(ascii: "i"): taken.insert(.ignoreCase)
            case UInt8(ascii: "m"): taken.insert(.multiLine)
            case UInt8(ascii: "s"): taken.insert(.dotAll)
            case UInt8(ascii: "x"): taken.insert(.verbose)
            // ASCII is what holds anyway.
            case UInt8(ascii: "a"): break
            case UInt8(ascii: "u"), UInt8(ascii: "L"):
                throw PatternError(at: index, "patterns match bytes in ASCII, not by Unicode or locale")
            default:
                throw PatternError(at: index, "this is not a flag", suggestion: "i, m, s or x")
            }
            index += 1
        }
        return (taken, index > firstIndex)
    }
}
