/// A hazard that a profile's author knows of and accepts (`accept`). It means nothing to the daemon, and keeps `grater-check
/// audit` from counting it.
public struct AcceptedHazard: Sendable, Hashable {
    /// The hazard's name, as audit has it.
    public let hazard: String
    /// Why it is accepted.
    public let reason: String
    /// Where it stands in the profile.
    public let location: SourceLocation
}

extension ProfileReader {
    /// `accept`: a mapping of hazards to reasons.
    mutating func accepted(_ node: YAMLNode) -> [AcceptedHazard] {
        (optionalMapping(node, "'accept'") ?? []).compactMap { entry in
            guard let reason = label(entry.value, "the reason to accept \(quoted(entry.key.text))") else { return nil }
            return AcceptedHazard(hazard: entry.key.text, reason: reason, location: entry.key.location)
        }
    }
}
