/// The severity of a hazard.
public enum HazardSeverity: String, Sendable, CaseIterable, Comparable {
    /// Good to know.
    case note
    /// Touches others in a small way.
    case low
    /// Tells something about others, or disturbs them.
    case medium
    /// Weakens the anonymity of everybody who uses this tor.
    case high
    /// Tells who the user is, or hands over tor or the machine.
    case critical

    public static func < (first: HazardSeverity, second: HazardSeverity) -> Bool { first.rank < second.rank }

    private var rank: Int {
        switch self {
        case .note: 0
        case .low: 1
        case .medium: 2
        case .high: 3
        case .critical: 4
        }
    }
}
