import Foundation
import FoundationXML
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
            level: .note, code: "x", location: .whole("a:b"), message: "50%\nmore, and: more", isDenied: false)
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

    /// Notes and warnings below the denied level are tests that pass.
    @Test func tapAndJUnitHaveATestForEachFinding() throws {
        let file = try folder.write(
            "- name: x\n  sockets: [x]\n  exe-paths: ['<&\"*']\n  comands: {}\n", to: "a&b.yml")
        let tap = Lint(paths: [file], format: .tap).run(style: plain)
        #expect(tap.status == .findings)
        let lines = tap.text.split(separator: "\n").map(String.init)
        #expect(lines.prefix(3) == ["TAP version 13", "1..2", "ok 1 - \(file): old-key (line 3)"], "\(lines)")
        #expect(lines[3] == "not ok 2 - \(file): unknown-key (line 4)")
        let junit = Lint(paths: [file], format: .junit).run(style: plain).text
        let root = try #require(try XMLDocument(xmlString: junit).rootElement())
        #expect(root.attribute(forName: "tests")?.stringValue == "2")
        #expect(root.attribute(forName: "failures")?.stringValue == "1")
        let failure = try #require(try root.nodes(forXPath: "testsuite/testcase/failure").first)
        #expect(failure.stringValue?.hasPrefix("\(file):4:3: error: 'comands'") == true, "\(junit)")
    }

    @Test func nothingFoundIsATestThatPasses() throws {
        let file = try folder.write("- {name: x, sockets: [x]}\n", to: "x.yml")
        #expect(
            Lint(paths: [file], format: .tap).run(style: plain).text == "TAP version 13\n1..1\nok 1 - no findings\n")
        let junit = Lint(paths: [file], format: .junit).run(style: plain).text
        #expect(try XMLDocument(xmlString: junit).rootElement()?.attribute(forName: "failures")?.stringValue == "0")
    }
}
