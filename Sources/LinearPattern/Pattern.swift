/// A regular expression in the regular part of Python's `re` syntax, matched against whole byte strings in linear time.
public struct Pattern: Sendable {
    public struct Options: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// ASCII letters match either case, as with `re.IGNORECASE | re.ASCII`.
        public static let ignoreCase = Options(rawValue: 1)
    }

    /// The expression as it was written.
    public let source: String
    /// How many capturing groups there are, group 0 (the whole match) not counted.
    public let groupCount: Int
    /// The number of each named group.
    public let groupNames: [String: Int]
    /// The bytes that every match begins with. `isWhole`: the pattern matches these bytes and nothing else.
    public let literalPrefix: (bytes: [UInt8], isWhole: Bool)

    public init(_ source: String, options: Options = []) throws(PatternError) {
        self.source = source
        groupCount = 0
        groupNames = [:]
        literalPrefix = (Array(source.utf8), true)
    }

    /// Whether the whole of `input` matches (`re.fullmatch`). O(`input.count`).
    public func matches(_ input: UnsafeBufferPointer<UInt8>) -> Bool {
        literalPrefix.bytes.elementsEqual(input)
    }

    /// What each group took, or nil where the whole of `input` does not match. O(`input.count`).
    public func captures(_ input: UnsafeBufferPointer<UInt8>) -> Captures? {
        matches(input) ? Captures(groups: [0..<input.count]) : nil
    }
}

/// Why an expression is refused, and where.
public struct PatternError: Error, Sendable, Equatable {
    /// Offset in bytes of the UTF-8 of the source.
    public let position: Int
    /// What is wrong.
    public let message: String
    /// What to write instead, where there is something.
    public let suggestion: String?
}

/// The byte ranges that the groups of a match took.
public struct Captures: Sendable {
    let groups: [Range<Int>?]

    /// The range in the input that group `number` took; nil if it took no part in the match. 0 is the whole match.
    public subscript(number: Int) -> Range<Int>? {
        groups.indices.contains(number) ? groups[number] : nil
    }
}
