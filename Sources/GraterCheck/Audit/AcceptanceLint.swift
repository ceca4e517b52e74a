import Profiles

/// Finds accepted hazards that do not exist.
enum AcceptanceLint {
    static func diagnostics(_ profiles: [Profile]) -> [Diagnostic] {
        profiles.flatMap(\.accepted).compactMap { accepted in
            HazardCatalogue.all.contains { $0.id == accepted.hazard } ? nil : unknown(accepted)
        }
    }

    static func unknown(_ accepted: AcceptedHazard) -> Diagnostic {
        Diagnostic(
            .warning, .unknownAcceptance, at: accepted.location,
            "there is no hazard '\(SourceText.printable(accepted.hazard))' to accept",
            suggestion: Spelling.suggestion(for: accepted.hazard, among: HazardCatalogue.all.map(\.id))
                ?? "'grater-check audit' names them")
    }
}
