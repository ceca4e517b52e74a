import JSONText
import Profiles

/// What `lint` and `audit` have to say of a profile that was just made and is not yet in a file.
struct DraftReview {
    private let text: String
    private let file: String
    private let diagnostics: [Diagnostic]
    private let hazards: [(filter: String, finding: HazardFinding)]

    /// - Parameter file: what the profile is called until it is in one.
    init(of text: String, file: String) {
        let loaded = ProfileFile.parse(Array(text.utf8), file: file)
        self.text = text
        self.file = file
        diagnostics = (loaded.diagnostics + loaded.profiles.flatMap { RuleLint($0.policy).diagnostics() }).inOrder
        hazards = loaded.profiles.flatMap { profile in
            ProfileAudit(of: profile).reachable.map { (profile.name, $0) }
        }
    }

    /// Whether it is unusable, or gives away what `audit` finds fault with.
    var hasFindings: Bool {
        diagnostics.contains { $0.severity == .error } || hazards.contains { $0.finding.hazard.severity >= .medium }
    }

    func lines(_ style: Style) -> [String] {
        var diagnosticText = DiagnosticText(style: style, sources: SourceLines([file: text]))
        return diagnostics.flatMap { diagnosticText.lines(of: $0) } + hazards.flatMap { lines(of: $0.finding, style) }
    }

    private func lines(of finding: HazardFinding, _ style: Style) -> [String] {
        guard case .reachable(let witness) = finding.outcome, let rule = witness.rules.first else { return [] }
        let hazard = finding.hazard
        return [
            "\(style.bold("\(rule):")) \(style.yellow("\(hazard.severity.rawValue):")) \(hazard.id): a client \(hazard.title)",
            "        with \(WireText.escape(witness.command))", "        \(style.faint("=")) \(hazard.advice)",
        ]
    }

    var json: KeyValuePairs<String, JSONValue> {
        [
            "lint": .array(diagnostics.map(\.json)),
            "audit": .array(
                hazards.map { .object(["filter": .string($0.filter), "hazard": $0.finding.json]) }),
        ]
    }
}
