/// One filter of a profile file: which clients it is for, and what they may say.
public struct Profile: Sendable {
    /// Who it is for.
    public let qualifiers: Qualifiers
    /// Carries the filter's name.
    public let policy: Policy
    /// Hazards that its author knows of. They mean nothing to the daemon.
    public let accepted: [AcceptedHazard]
    /// Whether the filter comes from a merged directory: it is then united with the others of that kind that match
    /// the same client.
    public let isMerged: Bool
    /// Where the filter begins.
    public let location: SourceLocation

    /// The filter's name.
    public var name: String { policy.name }

    public init(
        qualifiers: Qualifiers, policy: Policy, accepted: [AcceptedHazard] = [], isMerged: Bool = false,
        location: SourceLocation
    ) {
        self.qualifiers = qualifiers
        self.policy = policy
        self.accepted = accepted
        self.isMerged = isMerged
        self.location = location
    }

    /// The same filter for other clients.
    func with(_ qualifiers: Qualifiers) -> Profile {
        Profile(
            qualifiers: qualifiers, policy: policy, accepted: accepted, isMerged: isMerged, location: location)
    }
}
