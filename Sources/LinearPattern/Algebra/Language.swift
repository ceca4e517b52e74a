/// A regular set of byte strings, such as all that a pattern matches, to ask what holds of every string.
///
/// Two languages are equal exactly if they hold the same strings. Each operation is bounded by `LanguageLimits`; one that would
/// take more throws `TooLargeToDecide` instead of an answer.
public struct Language: Sendable, Equatable {
    let automaton: DeterministicAutomaton

    init(_ automaton: DeterministicAutomaton) {
        self.automaton = automaton
    }

    /// What any of the patterns matches.
    public init(matching patterns: Pattern...) throws(TooLargeToDecide) {
        try self.init(matching: patterns)
    }

    /// What any of the patterns matches.
    public init(matching patterns: [Pattern]) throws(TooLargeToDecide) {
        self.init(try DeterministicAutomaton(Automaton(uniting: patterns.map(\.automaton))))
    }

    /// One string alone. Throws for one that is longer than `LanguageLimits` allow.
    public init(only string: [UInt8]) throws(TooLargeToDecide) {
        var graph = StateGraph()
        for (index, byte) in string.enumerated() {
            graph.nodes.append(.bytes([(ByteSet(CollectionOfOne(byte)), index + 1)]))
        }
        graph.nodes.append(.accept)
        self.init(try DeterministicAutomaton(graph.automaton(from: 0)))
    }

    /// All strings, the empty one too, of bytes that `isIncluded` holds of.
    public init(anyStringOf isIncluded: (UInt8) -> Bool) {
        let classOf = (UInt8.min...UInt8.max).map { isIncluded($0) ? UInt8(0) : 1 }
        let whole = DeterministicAutomaton(
            classOf: classOf, classCount: 2, targets: [0, 1, 1, 1], accepting: [true, false]
        )
        self.init(classOf.contains(1) ? whole.minimized() : Self.everything.automaton)
    }

    /// No string at all.
    public static let nothing = Language(uniform(accepting: false))
    /// Every string.
    public static let everything = Language(uniform(accepting: true))

    private static func uniform(accepting: Bool) -> DeterministicAutomaton {
        DeterministicAutomaton(
            classOf: Array(repeating: 0, count: 256), classCount: 1, targets: [0], accepting: [accepting]
        )
    }

    /// Whether it holds no string at all. O(transitions).
    public var isEmpty: Bool { self == .nothing }

    /// O(length of `string`).
    public func contains(_ string: some Sequence<UInt8>) -> Bool { automaton.accepts(string) }
}
