import Foundation
import TestSupport
import Testing

@testable import GraterCheck

/// Findings in the forms that other tools take.
@Suite struct FindingFormatTests {
    private let folder: TemporaryFolder
    private let plain = Style(usesColor: false)

    init() throws { folder = try TemporaryFolder() }

    @Test func workflowCommandsAreOneLineEach() throws {
        let file = try folder.write("- name: x\n  sockets: [x]\n  comands: {}\n  exe-paths: ['*']\n", to: "a,b.yml")
        let report = Lint(paths: [file], format: .github).run(style: plain)
        #expect(report.status == .findings)
        let path = file.replacing(",", with: "%2C")
        #expect(
            report.text.split(separator: "\n").first
                == "::error file=\(path),line=3,col=3,title=unknown-key::'comands' is not a key of a filter (did you mean 'commands'?)"
        )
        #expect(report.text.contains("::warning file=\(path),line=4,col=3,title=old-key::"))
        let escaped = ReportedFinding(
            level: .note, code: "x", location: .whole("a:b"), message: "50%\nmore, and: more")
        #expect(escaped.workflowCommand == "::notice file=a%3Ab,title=x::50%25%0Amore, and: more")
    }

    @Test func sarifHasARuleForEachCodeAndAResultForEachFinding() throws {
        let file = try folder.write("- {name: x, sockets: [x], commands: {GETINFO: ['.*']}}\n", to: "x.yml")
        let report = Audit(paths: [file], denied: .high, format: .sarif).run(style: plain)
        #expect(report.status == .findings)
        let log = try #require(try JSONSerialization.jsonObject(with: Data(report.text.utf8)) as? [String: Any])
        #expect(log["version"] as? String == "2.1.0")
        let run = try #require((log["runs"] as? [[String: Any]])?.first)
        let results = try #require(run["results"] as? [[String: Any]])
        let address = try #require(results.first { $0["ruleId"] as? String == "address" })
        #expect(address["level"] as? String == "error")
        let text = (address["message"] as? [String: Any])?["text"] as? String
        #expect(text?.contains("with GETINFO address") == true)
        let driver = (run["tool"] as? [String: Any])?["driver"] as? [String: Any]
        let rules = Set((driver?["rules"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String })
        #expect(rules == Set(results.compactMap { $0["ruleId"] as? String }))
    }

    @Test func acceptedHazardsAreNoFindings() throws {
        let text = """
            - name: x
              sockets: [x]
              commands: {SIGNAL: ['NEWNYM']}
              accept: {identities: 'asked for'}

            """
        let report = Audit(paths: [try folder.write(text, to: "x.yml")], denied: .note, format: .github).run(
            style: plain)
        #expect(report.text.isEmpty && report.status == .fine, "\(report.text)")
    }
}
