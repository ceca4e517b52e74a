import JSONText
import Profiles
import ServiceInterface

/// How findings of profiles are reported.
public enum FindingFormat: String, Sendable, CaseIterable {
    /// For people.
    case text
    /// For programs, with every detail.
    case json
    /// For GitHub's workflows, which show each at its line (workflow commands).
    case github
    /// For tools that collect findings of several analysers (SARIF 2.1.0).
    case sarif
    /// For test harnesses (Test Anything Protocol, version 13).
    case tap
    /// For continuous integration that shows JUnit's reports.
    case junit
}

/// One finding, as other tools take it.
struct ReportedFinding {
    enum Level: String {
        case error, warning, note
    }

    let level: Level
    /// A word of `FindingCode`, or of a hazard.
    let code: String
    let location: SourceLocation
    let message: String
    /// Whether it makes the exit status 1.
    let isDenied: Bool
}

extension ReportedFinding {
    /// `::error file=…,line=…,col=…,title=…::…`, with what would end a property or the line escaped.
    var workflowCommand: String {
        let command = level == .note ? "notice" : level.rawValue
        var properties = ["file=\(Self.escaped(location.file, property: true))"]
        if location.line > 0 { properties.append("line=\(location.line),col=\(location.column)") }
        properties.append("title=\(Self.escaped(code, property: true))")
        return "::\(command) \(properties.joined(separator: ","))::\(Self.escaped(message, property: false))"
    }

    private static func escaped(_ text: String, property: Bool) -> String {
        var escaped = text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
        if property { escaped = escaped.replacing(":", with: "%3A").replacing(",", with: "%2C") }
        return escaped
    }

    /// A SARIF log of one run.
    static func sarif(_ findings: [ReportedFinding], version: String) -> JSONValue {
        let codes = Set(findings.map(\.code)).sorted()
        let rules = codes.map { code in
            JSONValue.object([
                "id": .string(code),
                "shortDescription": .object(["text": .string(FindingExplanation(code: code)?.title ?? code)]),
            ])
        }
        let results = findings.map { finding in
            var place: [JSONValue.Member] = [
                JSONValue.Member(
                    key: "artifactLocation", value: .object(["uri": .string(finding.location.file)]))
            ]
            if finding.location.line > 0 {
                place.append(
                    JSONValue.Member(
                        key: "region",
                        value: .object([
                            "startLine": .integer(finding.location.line),
                            "startColumn": .integer(finding.location.column),
                        ])))
            }
            return JSONValue.object([
                "ruleId": .string(finding.code), "level": .string(finding.level.rawValue),
                "message": .object(["text": .string(finding.message)]),
                "locations": .array([.object(["physicalLocation": .members(place)])]),
            ])
        }
        let driver = JSONValue.object([
            "name": .string("grater-check"), "version": .string(version), "rules": .array(rules),
        ])
        return .object([
            "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"), "version": .string("2.1.0"),
            "runs": .array([.object(["tool": .object(["driver": driver]), "results": .array(results)])]),
        ])
    }

    /// A test for each finding; one that passes if there are none, since no test at all counts as a failure.
    private static func results(of findings: [ReportedFinding]) -> [TestResult] {
        guard !findings.isEmpty else { return [TestResult(file: "", name: "no findings", problem: nil)] }
        return findings.map { finding in
            let text = "\(finding.location): \(finding.level.rawValue): \(finding.message)"
            let place = finding.location.line > 0 ? " (line \(finding.location.line))" : ""
            return TestResult(
                file: finding.location.file, name: finding.code + place, problem: finding.isDenied ? text : nil)
        }
    }

    /// A report in one of the forms for other tools; nil for those that every command makes by itself.
    static func report(_ findings: [ReportedFinding], as format: FindingFormat, status: Report.Status) -> Report? {
        switch format {
        case .text, .json: nil
        case .github: Report(text: findings.map { $0.workflowCommand + "\n" }.joined(), status: status)
        case .sarif: .document(sarif(findings, version: Release.version), status: status)
        case .tap: Report(text: TestResult.tap(results(of: findings)), status: status)
        case .junit:
            Report(
                text: TestResult.junit(results(of: findings), suite: "grater-check"), status: status)
        }
    }
}

extension ReportedFinding {
    init(_ diagnostic: Diagnostic, isDenied: Bool) {
        let level: Level =
            switch diagnostic.severity {
            case .error: .error
            case .warning: .warning
            case .note: .note
            }
        self.init(
            level: level, code: diagnostic.code.rawValue, location: diagnostic.location,
            message: diagnostic.message + (diagnostic.suggestion.map { " (\($0))" } ?? ""), isDenied: isDenied)
    }

    /// A hazard that a client can reach, or may: an error from the denied severity on.
    init(_ finding: HazardFinding, of audit: ProfileAudit, denied: HazardSeverity) {
        let place: SourceLocation?
        var message = "a client \(finding.hazard.title)"
        switch finding.outcome {
        case .reachable(let witness):
            place = witness.rules.first
            message += ", with \(WireText.escape(witness.command))"
        case .undecided(let rules):
            place = rules.first
            message = "not decided: whether \(message)"
        case .hidden, .unreachable: place = nil
        }
        self.init(
            level: finding.hazard.severity >= denied ? .error : .warning, code: finding.hazard.id,
            location: place ?? audit.profile.location, message: "\(message) (\(finding.hazard.advice))",
            isDenied: finding.hazard.severity >= denied)
    }
}
