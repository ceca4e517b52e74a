import Profiles
import TestSupport
import Testing

@testable import GraterCheck

/// `merge`: what it writes is what the daemon makes of the same filters, and it says who loses by it.
@Suite struct MergeTests {
    private let folder: TemporaryFolder
    private let style = Style(usesColor: false)

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func putsRulesOneAfterTheOther() throws {
        let first = try folder.write(
            """
            # The first.
            - name: a
              sockets: ['x']
              commands:
                # Both ask.
                GETINFO: ['version']
              confs: {Log: ['a']}
              events: {CIRC: {suppress: true}, BW: {suppress: true}}
              mode: complain
            """, to: "a.yml")
        let second = try folder.write(
            """
            # The second.
            - name: b
              sockets: ['x']
              commands:
                getinfo:
                  - 'version'
                  # It would like to know.
                  - 'config-file'
                SIGNAL: ['NEWNYM']
              confs: {log: ['b', 'a'], Nickname: }
              events: {BW: {suppress: true}, CIRC: {response: [{pattern: '.*', replacement: ''}]}}
              only-own-onions: true
            """, to: "b.yml")
        let report = Merge(paths: [first, second]).run(style: style)
        #expect(
            report.text == """
                # Merged from a.yml and b.yml by grater-check; each says more about its application.
                - name: 'a+b'
                  sockets: ['x']
                  commands:
                    # Both ask.
                    GETINFO:
                      - 'version'
                      # It would like to know.
                      - 'config-file'
                    SIGNAL:
                      - 'NEWNYM'
                  confs:
                    Log: ['a', 'b']
                    Nickname:
                  events:
                    CIRC:
                      response:
                        - pattern: '.*'
                          replacement: ''
                    BW: {suppress: true}
                  only-own-onions: true

                """)
        #expect(report.remarks.contains("b.yml:6:9: note: this is left out: \(first):6 has the same"))
        #expect(report.remarks.contains("'mode' is now 'enforce'"))
        #expect(report.remarks.contains("For 'a' "))
        #expect(report.status == .findings)
    }

    @Test func saysWhoLoses() throws {
        let wide = try folder.write("- {name: a, sockets: [x], commands: {GETINFO: ['.*']}}\n", to: "a.yml")
        let careful = try folder.write(
            """
            - name: b
              sockets: [x]
              commands: {GETINFO: [{pattern: address, answer: ['250-address=', '250 OK']}]}
            """, to: "b.yml")
        let report = Merge(paths: [wide, careful]).run(style: style)
        #expect(report.status == .findings)
        #expect(report.remarks.contains("warning: this rule never decides: \(wide):1 matches everything it matches"))
        #expect(report.remarks.contains("now different: GETINFO address"))
        #expect(!report.remarks.contains("For 'a'"))
        // In the other order nobody does.
        let other = Merge(paths: [careful, wide]).run(style: style)
        #expect(other.remarks.contains("For 'a'") && !other.remarks.contains("For 'b'"))
        let json = Merge(paths: [wide, careful], name: "both", format: .json).run(style: style)
        #expect(json.text.contains(#""conflicts": ["#) && json.text.contains("name: both") && json.remarks.isEmpty)
    }

    @Test func mixesNoClients() throws {
        let one = try folder.write("- {sockets: [x], commands: {GETINFO: [a]}}\n", to: "a.yml")
        let other = try folder.write("- {sockets: [y], users: [z], commands: {GETINFO: [b]}}\n", to: "b.yml")
        let refused = Merge(paths: [one, other]).run(style: style)
        #expect(refused.status == .usage)
        #expect(refused.text.contains("different clients"))
        let report = Merge(paths: [one, other], clientsOf: other).run(style: style)
        #expect(report.text.contains("  users: ['z']\n  sockets: ['y']\n  commands:"))
        #expect(report.status == .fine && report.remarks.isEmpty)
        #expect(Merge(paths: [one], clientsOf: other).run(style: style).status == .usage)
    }

    @Test(arguments: 0..<20) func isWhatTheDaemonMakesOfThem(seed: Int) throws {
        var random = SeededRandom(seed: seed + 5)
        let paths = try (0..<3).map { number in
            var keys = Set<Substring>()
            let pieces = Self.pieces.shuffled(using: &random).prefix(6).filter {
                keys.insert($0.prefix { $0 != ":" }).inserted
            }
            let commands = pieces.filter { $0.first?.isUppercase == true }.joined(separator: ", ")
            let events = pieces.filter { $0.first == " " }.joined(separator: ", ")
            let text = "- {sockets: [x], commands: {\(commands)}, events: {\(events)}, confs: {Log: ['\(number)']}}\n"
            return try folder.write(text, to: "\(number).yml")
        }
        let report = Merge(paths: paths).run(style: style)
        let merged = ProfileFile.parse(Array(report.text.utf8), file: "merged.yml")
        let policy = try #require(merged.profiles.first?.policy, "\(merged.diagnostics)")
        let union = Policy.union(paths.flatMap { ProfileFile.load($0).profiles }.map(\.policy))
        let changes = PolicyComparison(old: union, new: policy).changes()
        #expect(changes.isEmpty, "\(report.text) \(changes)")
        #expect(policy.name == union.name)
    }

    private static let pieces = [
        "GETINFO: [version]", "GETINFO: ['net/.*', version]", "GETINFO: [{pattern: 'v.*', response: []}, x]",
        "GETINFO: [{pattern: address, answer: ['250-address=1', '250 OK']}]", "SIGNAL: [NEWNYM]", "SIGNAL: ['[A-Z]+']",
        "SIGNAL: ", "GETCONF: [Log]", "SETCONF: ['Log=a']", "DEL_ONION: [{pattern: '(a+)b', replacement: '{}'}]",
        "DEL_ONION: ['a.*']", " CIRC: {suppress: true}", " CIRC: ", " BW: ", " CIRC: {suppress: false}",
        " HS_DESC: {response: [{pattern: 'a.*', replacement: a}]}",
        " HS_DESC: {response: [{pattern: '.*', replacement: ''}]}",
    ]
}
