import Foundation
import Profiles
import TestSupport
import Testing

@testable import GraterCheck

/// `fmt`: one form, comments kept, and never another meaning.
@Suite struct FormatTests {
    private func formatted(_ text: String) throws -> String {
        try Format.canonicalText(of: Array(text.utf8), file: "x.yml")
    }

    @Test func laysOutAnew() throws {
        let text = try formatted(
            #"""
            # The head.

            ---
            - mode: 'enforce'
              commands:
                  getinfo: [ "version" , it's ]   # two of them
                  ADD_ONION:
                  - replacement: "NEW:{}"
                    pattern:   NEW:(\S+)
                  # - 'BAD:.*'
                  # - 'WORSE:.*'
                  GETCONF: [{pattern: X, answer: [250 X]}]
              users:
              # Anybody.
              - '*'
              sockets: [1]


              events: {CIRC: {suppress: yes}, HS_DESC: {response: [{pattern: '.*', replacement: ''}]}, signal: }
            # The end.
            """#)
        #expect(
            text == #"""
                # The head.

                - users:
                    # Anybody.
                    - '*'
                  sockets: ['1']
                  commands:
                    GETINFO:  # two of them
                      - 'version'
                      - 'it''s'
                    ADD_ONION:
                      - pattern: 'NEW:(\S+)'
                        replacement: 'NEW:{}'
                    # - 'BAD:.*'
                    # - 'WORSE:.*'
                    GETCONF:
                      - pattern: 'X'
                        answer: ['250 X']

                  events:
                    CIRC: {suppress: true}
                    HS_DESC:
                      response:
                        - pattern: '.*'
                          replacement: ''
                    SIGNAL:
                  mode: enforce
                # The end.

                """#)
    }

    @Test func keepsPatternsOverLines() throws {
        let profile =
            "- sockets: ['x']\n  commands:\n    GETINFO:\n      - |-\n        (?x)\n          version  # not a comment of YAML\n"
        #expect(try formatted(profile) == profile)
    }

    @Test func writesWhatDoesNotShowAsEscapes() throws {
        #expect(
            try formatted("- name: \"a\\u00a0b\\u200bc\"\n  sockets: [x]\n").contains(#""a\U000000a0b\U0000200bc""#))
    }

    @Test func wrapsListsThatDoNotFit() throws {
        let names = (0..<20).map { "'application-\($0)'" }
        let text = try formatted("- sockets: [\(names.joined(separator: ", "))]\n")
        #expect(text == "- sockets:\n" + names.map { "    - \($0)\n" }.joined())
    }

    @Test func doesNotTouchWhatItDoesNotUnderstand() throws {
        let folder = try TemporaryFolder()
        let broken = try folder.write("- commads: {}\n", to: "broken.yml")
        let good = try folder.write("- {sockets: [x]}\n", to: "good.yml")
        let report = Format(paths: [good, broken]).run(style: Style(usesColor: false))
        #expect(report.status == .usage)
        #expect(report.text.contains("broken.yml:1:3"))
        #expect(try String(contentsOfFile: good, encoding: .utf8) == "- {sockets: [x]}\n")
    }

    @Test func replacesFilesAndKeepsTheirModeAndLinks() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("- {sockets: [x]}\n", to: "x.yml")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link.yml", withDestinationPath: "x.yml")
        let paths = [folder.path + "/link.yml"]
        let style = Style(usesColor: false)
        #expect(Format(paths: paths, mode: .check).run(style: style).status == .findings)
        let difference = Format(paths: paths, mode: .diff).run(style: style)
        #expect(difference.status == .findings)
        #expect(difference.text.hasSuffix("@@ line 1 @@\n- - {sockets: [x]}\n+ - sockets: ['x']\n  \n"))
        #expect(Format(paths: paths).run(style: style).text == "formatted \(paths[0])\n")
        #expect(Format(paths: paths, mode: .check).run(style: style).text.isEmpty)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "- sockets: ['x']\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }

    /// Profiles of the repository, and of the folder that `GRATER_CORPUS` names.
    static let files: [String] = {
        let root = RepositoryFolder.url.path
        let corpus = ProcessInfo.processInfo.environment["GRATER_CORPUS"]
        let folders = ["\(root)/profiles", "\(root)/Tests/ProfilesTests/Fixtures/good"] + (corpus.map { [$0] } ?? [])
        return folders.flatMap { folder in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.filter { $0.hasSuffix(".yml") }.sorted().map { "\(folder)/\($0)" }
        }
    }()

    @Test(arguments: files) func meansTheSame(file: String) throws {
        let bytes = try TextFile.read(file)
        let before = ProfileFile.parse(bytes, file: file)
        let after = ProfileFile.parse(Array(try Format.canonicalText(of: bytes, file: file).utf8), file: file)
        #expect(!before.hasErrors && before.profiles.count == after.profiles.count)
        for (one, other) in zip(before.profiles, after.profiles) {
            #expect(one.qualifiers == other.qualifiers && one.name == other.name)
            let changes = PolicyComparison(old: one.policy, new: other.policy).changes()
            #expect(changes.isEmpty, "\(changes)")
        }
    }

    @Test func shippedProfilesAreInTheForm() throws {
        for file in Self.files where file.hasPrefix(RepositoryFolder.url.path + "/profiles/") {
            #expect(
                try Format.canonicalText(of: TextFile.read(file), file: file)
                    == String(contentsOfFile: file, encoding: .utf8))
        }
    }

    /// With comments and empty lines strewn in, none is lost, and the form of the form is the form: `canonicalText` itself
    /// throws otherwise.
    @Test(arguments: 0..<30) func keepsEveryComment(seed: Int) throws {
        var random = SeededRandom(seed: seed + 77)
        for file in Self.files {
            var lines = try String(contentsOfFile: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false
            ).map(String.init)
            for number in 0..<8 {
                let index = Int.random(in: 0..<lines.count, using: &random)
                let indent = String(repeating: " ", count: Int.random(in: 0..<14, using: &random))
                switch Int.random(in: 0..<3, using: &random) {
                case 0: lines.insert(indent + "# comment \(number)", at: index)
                case 1: lines.insert("", at: index)
                default: lines[index] += "  # behind \(number)"
                }
            }
            let strewn = lines.joined(separator: "\n")
            guard !ProfileFile.parse(Array(strewn.utf8), file: file).hasErrors else { continue }
            _ = try Format.canonicalText(of: Array(strewn.utf8), file: file)
        }
    }

    @Test func ownListenersAndStrictResponsesHaveAForm() throws {
        let text = """
            - own-listeners: {within: "30"}
              sockets: [a]
              commands:
                getinfo:
                  - response: {otherwise: drop, lines: ['250-a=1', {replacement: 'x', pattern: '250-a=2'}]}
                    pattern: 'a'
              accept: {stop: why}

            """
        #expect(
            try Format.canonicalText(of: Array(text.utf8), file: "x.yml") == """
                - sockets: ['a']
                  commands:
                    GETINFO:
                      - pattern: 'a'
                        response:
                          lines:
                            - '250-a=1'
                            - pattern: '250-a=2'
                              replacement: 'x'
                          otherwise: drop
                  own-listeners: {within: 30}
                  accept:
                    stop: 'why'

                """)
    }
}
