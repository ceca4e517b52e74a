/// A question about languages would take more work than is allowed; neither yes nor no is known.
public struct TooLargeToDecide: Error, Sendable, Equatable, CustomStringConvertible {
    /// The bound that was reached.
    public let bound: Bound

    /// What there was too much of.
    public enum Bound: Sendable, Equatable {
        /// `LanguageLimits.transitions`
        case transitions
        /// `LanguageLimits.steps`
        case steps
    }

    public var description: String {
        switch bound {
        case .transitions: "too large to decide: over \(LanguageLimits.transitions) transitions"
        case .steps: "too large to decide: over \(LanguageLimits.steps) steps"
        }
    }
}

/// What one operation on languages may cost.
public enum LanguageLimits {
    /// Transitions of a result's automaton: memory, four bytes each.
    public static let transitions = 4_000_000
    /// States looked at while making it: time, some tens of nanoseconds each.
    public static let steps = 20_000_000
}
