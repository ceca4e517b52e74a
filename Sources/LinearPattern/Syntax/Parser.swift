/// Reads the regular part of Python's `re` syntax (`re.ASCII`, bytes) into an `Expression`.
///
/// What Python refuses is refused here; what only backtracking can do is refused with what to write instead.
struct Parser {
    struct Flags: OptionSet {
        let rawValue: Int
        static let ignoreCase = Flags(rawValue: 1)
        static let multiLine = Flags(rawValue: 2)
        static let dotAll = Flags(rawValue: 4)
        static let verbose = Flags(rawValue: 8)
    }

    /// One item of a sequence, and whether a quantifier may follow it.
    struct Item {
        enum Kind { case atom, assertion, repetition }
        let expression: Expression
        let kind: Kind
    }

    let bytes: [UInt8]
    var index = 0
    var flags: Flags
    var groupCount = 0
    var groupNames: [String: Int] = [:]
    var nesting = 0

    init(_ source: String, flags: Flags) {
        bytes = Array(source.utf8)
        self.flags = flags
    }

    mutating func parse() throws(PatternError) -> Expression {
        if bytes.count > PatternLimits.length {
            throw PatternError(
                at: PatternLimits.length,
                "the pattern is \(bytes.count) bytes long; at most \(PatternLimits.length) are allowed",
                suggestion: "split it into several rules"
            )
        }
        let expression = try parseAlternation()
        if index < bytes.count {
            throw PatternError(at: index, "unbalanced parenthesis", suggestion: #"\) for a literal one"#)
        }
        return expression
    }

    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// Steps over `byte` if it comes next.
    mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        index += 1
        return true
    }

    mutating func takeAny() -> UInt8? {
        guard let byte = next else { return nil }
        index += 1
        return byte
    }

    /// The longest run of digits that comes next, at most `limit` of them.
    mutating func takeDigits(_ digits: ByteSet, limit: Int = .max) -> ArraySlice<UInt8> {
        let start = index
        while let byte = next, index - start < limit, digits.contains(byte) { index += 1 }
        return bytes[start..<index]
    }

    mutating func parseAlternation() throws(PatternError) -> Expression {
        var branches = [Expression.sequence(try parseSequence(mayTakeFlags: nesting == 0))]
        while take("|") {
            branches.append(.sequence(try parseSequence(mayTakeFlags: false)))
        }
        return branches.count == 1 ? branches[0] : .alternation(branches)
    }

    /// Parses up to `|`, `)` or the end. `mayTakeFlags`: this is where global flags such as `(?i)` are allowed.
    private mutating func parseSequence(mayTakeFlags: Bool) throws(PatternError) -> [Expression] {
        var items: [Item] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            let start = index
            index += 1
            if flags.contains(.verbose), try skipVerbose(byte) { continue }
            switch byte {
            case UInt8(ascii: "\\"):
                items.append(try parseEscape(from: start))
            case UInt8(ascii: "["):
                items.append(Item(expression: .byte(try parseClass(from: start)), kind: .atom))
            case UInt8(ascii: "("):
                if let item = try parseGroup(from: start, mayTakeFlags: mayTakeFlags && items.isEmpty) {
                    items.append(item)
                }
            case UInt8(ascii: "*"):
                try repeatLast(of: &items, minimum: 0, maximum: nil, at: start)
            case UInt8(ascii: "+"):
                try repeatLast(of: &items, minimum: 1, maximum: nil, at: start)
            case UInt8(ascii: "?"):
                try repeatLast(of: &items, minimum: 0, maximum: 1, at: start)
            case UInt8(ascii: "{"):
                if let bounds = try parseBraces(from: start) {
                    try repeatLast(of: &items, minimum: bounds.minimum, maximum: bounds.maximum, at: start)
                } else {
                    items.append(literal(byte))
                }
            case UInt8(ascii: "."):
                let set = flags.contains(.dotAll) ? ByteSet.all : ByteSet.newline.complement
                items.append(Item(expression: .byte(set), kind: .atom))
            case UInt8(ascii: "^"):
                let assertion = flags.contains(.multiLine) ? Assertion.lineStart : .start
                items.append(Item(expression: .assertion(assertion), kind: .assertion))
            case UInt8(ascii: "$"):
                let assertion = flags.contains(.multiLine) ? Assertion.lineEnd : .endOrFinalNewline
                items.append(Item(expression: .assertion(assertion), kind: .assertion))
            case 0x80...:
                items.append(character(from: start))
            default:
                items.append(literal(byte))
            }
        }
        return items.map(\.expression)
    }

    /// Steps over white space and comments, which `(?x)` makes meaningless. `byte` has been taken already.
    private mutating func skipVerbose(_ byte: UInt8) throws(PatternError) -> Bool {
        if ByteSet.spaces.contains(byte) { return true }
        guard byte == UInt8(ascii: "#") else { return false }
        _ = try skip(past: "\n")
        return true
    }

    /// Steps over everything up to and including `end`; false if it does not come. As in Python, a backslash hides the
    /// character behind it even in a comment.
    mutating func skip(past end: Unicode.Scalar) throws(PatternError) -> Bool {
        while let byte = takeAny() {
            if byte == UInt8(ascii: end) { return true }
            if byte == UInt8(ascii: "\\"), takeAny() == nil { throw trailingBackslash(at: index - 1) }
        }
        return false
    }

    func trailingBackslash(at position: Int) -> PatternError {
        PatternError(at: position, "the pattern ends in a backslash", suggestion: #"\\ for a literal one"#)
    }

    func literal(_ byte: UInt8) -> Item {
        let set = ByteSet(CollectionOfOne(byte))
        return Item(expression: .byte(flags.contains(.ignoreCase) ? set.ignoringCase : set), kind: .atom)
    }

    /// The whole of a character outside ASCII whose first byte is at `start`: one item, so that `é*` repeats `é`.
    mutating func character(from start: Int) -> Item {
        index = start + 1
        while let byte = next, byte & 0xC0 == 0x80 { index += 1 }
        return sequence(of: bytes[start..<index])
    }

    func sequence(of bytes: some Sequence<UInt8>) -> Item {
        Item(expression: .sequence(bytes.map { .byte(ByteSet(CollectionOfOne($0))) }), kind: .atom)
    }
}
