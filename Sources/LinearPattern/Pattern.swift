/// A regular expression in the regular part of Python's `re` syntax, matched against whole byte strings in linear time.
///
/// Literals, escapes, classes, groups, alternation, greedy and lazy repetition, anchors and the flags `(?aimsx)` mean what
/// they mean in Python's `re` for byte strings with `re.ASCII`; characters of the pattern outside ASCII stand for their
/// UTF-8. What needs backtracking (references to groups, look-around, possessive repetition, atomic groups, conditions) is
/// refused.
public struct Pattern: Sendable {
    /// How a pattern is taken, beside what is written in it.
    public struct Options: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// ASCII letters match either case, as with `re.IGNORECASE | re.ASCII`.
        public static let ignoreCase = Options(rawValue: 1)
        /// Anything may follow a match, as with `re.match`; group 0 is the whole input all the same.
        public static let anyTail = Options(rawValue: 2)
        /// What is there for nearly any byte, `.` or `[^x]` or `\D`, is not there for a space: a space must be named, alone, in a
        /// class, or by `\s`.
        public static let namedSpaces = Options(rawValue: 4)
    }

    /// The expression as it was written.
    public let source: String
    /// How many capturing groups there are, group 0 (the whole match) not counted.
    public let groupCount: Int
    /// The number of each named group.
    public let groupNames: [String: Int]
    /// The longest string that every match begins with. `isWhole`: the pattern matches these bytes and nothing else.
    ///
    /// It follows from what is matched, not from how it is written: `a(?:bc|bd)` has the prefix `ab`. A letter that may be of
    /// either case ends it.
    public var literalPrefix: (bytes: [UInt8], isWhole: Bool) { automaton.literalPrefix }

    /// Bytes of memory for what has been learnt about a pattern's matching, in each direction.
    private static let cacheCapacity = 512 * 1_024

    let automaton: Automaton
    private let decider: LazyDFA<Forward>
    private let capturer: Capturer

    /// Throws where `source` is not an expression, needs what is not supported, or is over one of `PatternLimits`.
    public init(_ source: String, options: Options = []) throws(PatternError) {
        var parser = Parser(source, flags: options.contains(.ignoreCase) ? .ignoreCase : [])
        var expression = try parser.parse()
        if options.contains(.anyTail) { expression = .sequence([expression, .anything]) }
        self.source = source
        groupCount = parser.groupCount
        groupNames = parser.groupNames
        var automaton = try AutomatonBuilder.build(Program(expression))
        if options.contains(.namedSpaces) { automaton.takeOnlyNamedSpaces() }
        self.automaton = automaton
        decider = LazyDFA(Forward(automaton), capacity: Self.cacheCapacity)
        capturer = Capturer(automaton, groupCount: groupCount, capacity: Self.cacheCapacity)
    }

    /// Whether the whole of `input` matches (`re.fullmatch`). O(`input.count`).
    public func matches(_ input: UnsafeBufferPointer<UInt8>) -> Bool {
        var walk = Walk(decider)
        walk.take(input)
        return walk.rule != nil
    }

    /// How many bytes of `input` a match may begin with: all of them if `input` can be continued to a match. O(`input.count`).
    public func viablePrefix(_ input: UnsafeBufferPointer<UInt8>) -> Int {
        var walk = Walk(decider)
        for (index, byte) in input.enumerated() {
            walk.take(byte)
            if walk.node == nil { return index }
        }
        return input.count
    }

    /// What each group took, or nil where the whole of `input` does not match. O(`input.count`).
    ///
    /// These are the groups of Python's `re.fullmatch`: of all ways to match, the one that backtracking finds first.
    public func captures(_ input: UnsafeBufferPointer<UInt8>) -> Captures? {
        capturer.captures(input)
    }
}
