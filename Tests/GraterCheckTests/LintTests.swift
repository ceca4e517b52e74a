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
                \(file):3:3: error: 'comands' is not a key of a filter
                    3 |   comands:
                      |   ^
                        = did you mean 'commands'?
                1 error

                """)
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
