import Profiles
import TestSupport
import Testing

@testable import GraterCheck

@Suite struct LintTests {
    private let plain = Style(usesColor: false)

    @Test func reportsLikeACompiler() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            - name: example
              sockets: [example]
              comands:
                GETINFO: [version]

            """, to: "example.yml")
        let report = Lint(paths: [file]).run(style: plain)
        #expect(report.status == .findings)
        #expect(
            report.text == """
                \(file):3:3: error: 'comands' is not a key of a filter [unknown-key]
                    3 |   comands:
                      |   ^
                        = did you mean 'commands'?
                1 error

                """)
    }

    /// Every finding has a page, and the page nothing else.
    @Test func everyFindingIsExplained() throws {
        let page = try String(
            contentsOf: RepositoryFolder.url.appendingPathComponent("docs/findings.md"), encoding: .utf8)
        let codes = FindingCode.allCases.map(\.rawValue)
        for code in codes {
            let explanation = try #require(FindingExplanation(code: code))
            #expect(
                page.contains(
                    "### \(code)\n\n\(explanation.title.first?.uppercased() ?? "")\(explanation.title.dropFirst())."),
                "\(code)")
            #expect(page.contains("\(explanation.meaning) \(explanation.remedy)"), "\(code)")
        }
        let headings = page.split(separator: "\n").filter { $0.hasPrefix("### ") }.map { String($0.dropFirst(4)) }
        #expect(headings == codes)
        for hazard in HazardCatalogue.all {
            #expect(FindingExplanation(code: hazard.id)?.text.contains(hazard.explanation) == true)
        }
        #expect(Set(codes).isDisjoint(with: HazardCatalogue.all.map(\.id)), "a word means one thing")
    }

    @Test func dropInsCountWithTheFoldersOfTheirProfiles() throws {
        let folder = try TemporaryFolder()
        _ = try folder.makeFolder("admin/chat.yml.d")
        try folder.write("- {name: chat, sockets: ['chat'], users: ['bob']}\n", to: "vendor/chat.yml")
        let dropIn = try folder.write("users: ['alice']\n", to: "admin/chat.yml.d/users.yml")
        let lint = Lint(paths: [folder.file("vendor"), folder.file("admin")], denied: .warning)
        #expect(
            lint.run(style: plain).text
                == "\(folder.file("vendor/chat.yml")): note: has the clients that \(dropIn) names [extended-file]\n1 note\n"
        )
        #expect(Lint(paths: [dropIn], denied: .note).run(style: plain).status == .fine)
        try folder.write("commands: {}\n", to: "admin/chat.yml.d/users.yml")
        #expect(Lint(paths: [dropIn]).run(style: plain).status == .findings)
    }

    @Test func theDeniedLevelDecides() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("- name: example\n  exe-paths: ['*']\n  sockets: [example]\n", to: "example.yml")
        #expect(Lint(paths: [file]).run(style: plain).status == .fine)
        #expect(Lint(paths: [file], denied: .warning).run(style: plain).status == .findings)
        let fine = try folder.write("- name: example\n  sockets: [example]\n", to: "fine.yml")
        #expect(Lint(paths: [fine], denied: .note).run(style: plain).status == .fine)
    }

    @Test func warningsAreNoFindings() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("- name: example\n  exe-paths: ['*']\n  sockets: [example]\n", to: "example.yml")
        let report = Lint(paths: [file]).run(style: plain)
        #expect(report.status == .fine)
        #expect(report.text.hasSuffix("1 warning\n"))
    }

    @Test func warnsOfUnitsThatAUserCanMake() throws {
        let folder = try TemporaryFolder()
        func warns(_ filter: String) throws -> Bool {
            let file = try folder.write("- {\(filter)}\n", to: "example.yml")
            let text = Lint(paths: [file]).run(style: plain).text
            return text.contains("any program of a user can give itself that unit")
        }
        #expect(try warns("units: ['user:app-example-*.scope']"))
        #expect(try warns("units: [example.service, 'user:*'], sockets: ['*'], users: ['*']"))
        #expect(try !warns("units: [example.service]"))
        #expect(try !warns("units: ['user:app-example-*.scope'], sockets: [example]"))
    }

    @Test func readsFolders() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("- name: one\n  sockets: [one]\n", to: "one.yml")
        #expect(Lint(paths: [folder.path]).run(style: plain).text == "no findings\n")
        _ = try folder.write("nonsense\n", to: "two.yml")
        #expect(Lint(paths: [folder.path]).run(style: plain).status == .findings)
    }

    @Test func aFileThatIsNotThereIsAFinding() {
        let report = Lint(paths: ["/nowhere/example.yml"]).run(style: plain)
        #expect(report.status == .findings)
        #expect(report.text.hasPrefix("/nowhere/example.yml: error: "))
    }

    @Test func coloursOnlyOnRequest() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("nonsense\n", to: "example.yml")
        #expect(Lint(paths: [file]).run(style: Style(usesColor: true)).text.contains("\u{1B}[1;31merror:\u{1B}[0m"))
        #expect(!Lint(paths: [file]).run(style: plain).text.contains("\u{1B}"))
    }
}
