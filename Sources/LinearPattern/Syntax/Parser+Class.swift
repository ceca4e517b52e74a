extension Parser {
    /// What stands at one place inside of `[…]`.
    enum ClassMember {
        case byte(UInt8)
        case set(ByteSet)
    }

    /// Reads a class; its `[`, at `start`, has been taken.
    mutating func parseClass(from start: Int) throws(PatternError) -> ByteSet {
        let isNegated = take("^")
        let firstIndex = index
        var set = ByteSet.none
        while true {
            let memberStart = index
            if next == UInt8(ascii: "]"), memberStart > firstIndex {
                index += 1
                break
            }
            let lower = try parseClassMember(of: start)
            guard next == UInt8(ascii: "-"), index + 1 < bytes.count, bytes[index + 1] != UInt8(ascii: "]") else {
                set = set.union(lower.asSet)
                continue
            }
            index += 1
            let upper = try parseClassMember(of: start)
            guard case .byte(let first) = lower, case .byte(let last) = upper, first <= last else {
                throw PatternError(
                    at: memberStart, "this is not a range of characters",
                    suggestion: #"\- for a literal '-', or the ends in order"#
                )
            }
            set = set.union(ByteSet(first...last))
        }
        if flags.contains(.ignoreCase) { set = set.ignoringCase }
        return isNegated ? set.complement : set
    }

    private mutating func parseClassMember(of start: Int) throws(PatternError) -> ClassMember {
        let memberStart = index
        guard let byte = takeAny() else {
            throw PatternError(at: start, "'[' without ']'", suggestion: #"\[ for a literal one"#)
        }
        switch byte {
        case UInt8(ascii: "\\"): return try parseClassEscape(from: memberStart)
        case 0x80...: throw characterInClass(at: memberStart)
        default: return .byte(byte)
        }
    }

    func characterInClass(at position: Int) -> PatternError {
        PatternError(
            at: position, "a class holds bytes, and a character outside ASCII is several",
            suggestion: "an alternation, as in (?:[a-z]|é)"
        )
    }
}

extension Parser.ClassMember {
    fileprivate var asSet: ByteSet {
        switch self {
        case .byte(let byte): ByteSet(CollectionOfOne(byte))
        case .set(let set): set
        }
    }
}
