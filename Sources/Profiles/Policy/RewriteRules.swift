import LinearPattern

/// The rewrites of a reply's or an event's lines (`response` in a profile), in the profile's order.
public final class RewriteRules: Sendable {
    /// What becomes of lines that a pattern matches.
    public final class Rewrite: Sendable {
        /// Matched against whole lines, in the forms that a line may have.
        public let pattern: Pattern
        /// What the line becomes; a line that becomes empty is left out. Nil: it stays as it is.
        public let replacement: Template?
        /// Where it stands in the profile.
        public let location: SourceLocation

        public init(pattern: Pattern, replacement: Template?, location: SourceLocation) {
            self.pattern = pattern
            self.replacement = replacement
            self.location = location
        }
    }

    /// No rewrites at all.
    public static let none = RewriteRules([])

    /// The first that matches decides.
    public let rewrites: [Rewrite]
    /// Whether lines that no pattern matches are left out (`otherwise: drop`). Else they stay as they are.
    public let dropsOthers: Bool
    private let set: PatternSet

    public init(_ rewrites: [Rewrite], dropsOthers: Bool = false) {
        self.rewrites = rewrites
        self.dropsOthers = dropsOthers
        set = PatternSet(rewrites.map(\.pattern))
    }

    /// Whether all lines stay as they are.
    public var isEmpty: Bool { rewrites.isEmpty && !dropsOthers }

    /// Tells the index of the first rewrite whose pattern matches the whole of a line.
    public func makeMatcher() -> PatternSet.Matcher { set.makeMatcher() }
}
