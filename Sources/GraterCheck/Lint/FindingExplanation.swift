import Profiles

/// The explanation of a finding of lint or audit, for `--explain`. docs/findings.md has the same text.
public struct FindingExplanation: Sendable {
    /// The word that stands behind a message, or a hazard's name.
    public let code: String
    /// What is the case, as a clause.
    let title: String
    /// What comes of it.
    let meaning: String
    /// What to do.
    let remedy: String

    /// Nil if no finding has this code.
    public init?(code: String) {
        if let finding = FindingCode(rawValue: code) {
            self.init(finding)
        } else if let hazard = HazardCatalogue.all.first(where: { $0.id == code }) {
            self.init(hazard)
        } else {
            return nil
        }
    }

    init(_ finding: FindingCode) {
        let explanation = finding.explanation
        code = finding.rawValue
        title = explanation.title
        meaning = explanation.meaning
        remedy = explanation.remedy
    }

    init(_ hazard: Hazard) {
        code = hazard.id
        title = "a client \(hazard.title)"
        meaning = "\(hazard.explanation) (Found by audit; \(hazard.severity.rawValue).)"
        remedy = "Instead: \(hazard.advice). If it is meant, 'accept: {\(hazard.id): REASON}' says so."
    }

    /// Whole lines.
    public var text: String { "\(code): \(title)\n\n\(meaning) \(remedy)\n" }

    /// The code that is most likely meant, as a clause.
    public static func suggestion(for code: String) -> String? {
        Spelling.suggestion(for: code, among: FindingCode.allCases.map(\.rawValue) + HazardCatalogue.all.map(\.id))
    }
}
