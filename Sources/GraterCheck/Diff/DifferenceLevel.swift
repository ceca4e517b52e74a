/// Which differences are findings.
public enum DifferenceLevel: String, Sendable, CaseIterable {
    /// All of them.
    case any
    /// Those by which a client may get more than before: all but commands that are only denied now, and profiles that are
    /// gone.
    case widened
}
