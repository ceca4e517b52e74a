/// What came of searching a language for a member.
public enum SearchOutcome: Sendable, Equatable {
    /// A member, none of which is much shorter.
    case found([UInt8])
    /// Proven: there is none.
    case none
    /// The search was given up at its bound, and nothing is known.
    case tooLarge
}
