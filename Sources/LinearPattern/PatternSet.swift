/// An ordered list of patterns that are decided together: deciding among many costs about as much as among one.
public struct PatternSet: Sendable {
    /// In order: the first that matches decides.
    public let patterns: [Pattern]

    /// Bytes of memory for what has been learnt about the patterns' matching.
    private static let cacheCapacity = 4 * 1_024 * 1_024

    private let decider: LazyDFA<Forward>

    public init(_ patterns: [Pattern]) {
        self.patterns = patterns
        decider = LazyDFA(Forward(Automaton(uniting: patterns.map(\.automaton))), capacity: Self.cacheCapacity)
    }

    /// The index of the first pattern that the whole of `input` matches. O(`input.count`), whatever `patterns.count`.
    public func firstMatch(_ input: UnsafeBufferPointer<UInt8>) -> Int? {
        var walk = Walk(decider)
        walk.take(input)
        return walk.rule
    }

    /// Decides inputs that lie in pieces, one input after the other, without putting them together.
    public struct Matcher {
        private var walk: Walk<Forward>

        fileprivate init(_ decider: LazyDFA<Forward>) {
            walk = Walk(decider)
        }

        /// Begins with another input.
        public mutating func restart() {
            walk.restart()
        }

        /// Takes the next piece of the input. O(`piece.count`).
        public mutating func take(_ piece: UnsafeBufferPointer<UInt8>) {
            walk.take(piece)
        }

        /// The index of the first pattern that the whole of what was taken matches.
        public var match: Int? { walk.rule }
    }

    /// Begins with an empty input.
    public func makeMatcher() -> Matcher { Matcher(decider) }
}
