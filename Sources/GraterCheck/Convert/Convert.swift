import JSONText
import Profiles

/// `grater-check convert`: converts filters of roflcoptor, and old profiles of the Python onion-grater.
public struct Convert: Sendable {
    /// The path of a filter or a profile.
    public var path: String
    /// Who the report is for.
    public var format: ReportFormat

    public init(path: String, format: ReportFormat = .text) {
        self.path = path
        self.format = format
    }

    /// The profile; beside it what could not be carried over, which is a finding, and what is wrong with the outcome.
    public func run(style: Style) -> Report {
        let conversion: Conversion
        do {
            conversion = try Conversion(TextFile.read(path), file: path)
        } catch {
            return .unusable("\(error)", style: style)
        }
        let correction = LintFix(conversion.text, file: "outcome")
        let text = correction.text
        let review = DraftReview(of: text, file: "outcome")
        let isLossy = conversion.remarks.contains { $0.severity == .warning }
        let status = isLossy || review.hasFindings ? Report.Status.findings : .fine
        guard format == .text else {
            let outcome = JSONValue.object([
                "profile": .string(text), "remarks": .array(conversion.remarks.map(\.json)),
            ])
            return .json(outcome.adding(review.json), of: "convert", status: status)
        }
        var report = Report(text: text, status: status)
        var remarks = DiagnosticText(style: style)
        for remark in conversion.remarks.inOrder {
            for line in remarks.lines(of: remark) { report.remark(line) }
        }
        for diagnostic in correction.fixed {
            report.remark("\(style.green("fixed")) \(diagnostic.location): \(diagnostic.message)")
        }
        let lines = review.lines(style)
        if !lines.isEmpty { report.remark(style.bold("Of the outcome, lint and audit say:")) }
        for line in lines { report.remark(line) }
        return report
    }
}
