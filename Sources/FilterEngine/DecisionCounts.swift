/// Counts of decisions, by verdict.
public struct DecisionCounts: Sendable, Equatable {
    /// Let through as they were.
    public var allowed = 0
    /// Let through otherwise than they were.
    public var rewritten = 0
    /// Allowed in complain mode.
    public var tolerated = 0
    /// Answered by onion-grater itself.
    public var answered = 0
    /// Refused.
    public var denied = 0

    public init() {}

    /// The counts by the names of verdicts.
    public var byVerdict: KeyValuePairs<String, Int> {
        [
            "allowed": allowed, "rewritten": rewritten, "tolerated": tolerated, "answered": answered, "denied": denied,
        ]
    }
}
