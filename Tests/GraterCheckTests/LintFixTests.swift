import Profiles
import TestSupport
import Testing

@testable import GraterCheck

/// Corrections keep everything but what they correct.
@Suite struct LintFixTests {
    @Test func whatHasOneRemedyIsCorrected() {
        let old = """
            # Kept.
            - name: x
              sockets: [x]
              commands:
                GETINFO:
                - pattern: 'uptime'
                  response:
                  - pattern: '250-uptime=*'   # all of them
                    replacement: '250-uptime=1'
                - 'version'
                - 'version'
                - 'net/listeners/socks'

            """
        let fix = LintFix(old, file: "x.yml")
        #expect(fix.fixed.map(\.code) == [.equalsStar, .neverDecides])
        #expect(fix.fixed.map(\.location.line) == [8, 11])
        #expect(
            fix.text
                == old.replacing("=*'", with: "=.*'").replacing(
                    "    - 'version'\n    - 'version'", with: "    - 'version'"))
        #expect(LintFix(fix.text, file: "x.yml").fixed.isEmpty)
    }

    /// A rule with a comment above it may be meant: a person has to look.
    @Test(arguments: [
        "- {name: x, sockets: [x], commands: {GETINFO: ['version', 'version']}}\n",
        "- name: x\n  sockets: [x]\n  commands:\n    GETINFO:\n    - 'version'\n    # For old clients.\n    - 'version'\n",
        "- name: x\n  comands: {}\n",
        "not a profile",
    ]) func whatMayBeMeantIsLeftAlone(_ text: String) {
        let fix = LintFix(text, file: "x.yml")
        #expect(fix.fixed.isEmpty && fix.text == text)
    }

    @Test func theCommandWritesAndThenReports() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            - name: x
              sockets: [x]
              commands:
                GETINFO:
                - pattern: 'uptime'
                  response:
                  - {pattern: '250-uptime=*', replacement: '250-uptime=1'}

            """, to: "x.yml")
        let first = try Program.run(["lint", "--fix", file])
        #expect(first.status == 0 && first.error.contains("fixed \(file):7:"), "\(first)")
        #expect(first.output == "no findings\n")
        let second = try Program.run(["lint", "--fix", file])
        #expect(second.status == 0 && second.error.isEmpty, "\(second)")
        #expect(try Program.run(["lint", "--fix"]).status == 2)
        #expect(try Program.run(["lint", "--fix", "-"], input: file).status == 2)
    }
}
