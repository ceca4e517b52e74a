import Foundation
import Profiles
import TestSupport
import Testing

@testable import GraterCheck

/// From the daemon's denials to rules: `learn --log`.
@Suite struct LearnFromLogTests {
    private let folder: TemporaryFolder
    private let plain = Style(usesColor: false)

    init() throws { folder = try TemporaryFolder() }

    private static let text = """
        onion-grater: info: connected identity=executable exe=/usr/bin/chat pid=1 profile=chat session=1 socket=chat uid=0
        onion-grater: notice: denied: GETINFO status/circuit-established: no rule of this command matches \
        'status/circuit-established' identity=executable exe=/usr/bin/chat pid=1 profile=chat session=1 socket=chat uid=0
        onion-grater: notice: denied: GETINFO status/circuit-established: no rule of this command matches \
        'status/circuit-established' identity=executable exe=/usr/bin/chat pid=1 profile=chat session=1 socket=chat uid=0
        onion-grater: notice: denied: GETINFO address: no rule of this command matches 'address' profile=chat session=1
        onion-grater: notice: denied: SETEVENTS BW: the profile does not list the event BW profile=chat session=1
        onion-grater: notice: denied: DEL_ONION x: y: the profile has no rule for this command profile=other session=2
        """

    private func log(_ text: String = text) throws -> String { try folder.write(text, to: "log") }

    private func denials(_ text: String) -> [String] {
        DenialLog(Array(text.utf8)).denials.map {
            "\($0.count) \($0.denial.profile ?? "-") \(String(decoding: $0.denial.command, as: UTF8.self))"
        }
    }

    @Test func readsTheDaemonsText() {
        #expect(
            denials(Self.text) == [
                "2 chat GETINFO status/circuit-established", "1 chat GETINFO address", "1 chat SETEVENTS BW",
                "1 other DEL_ONION x: y",
            ])
    }

    /// A client chooses its command, and where its program lies.
    @Test(arguments: [
        (
            "GETINFO a: no rule of this command matches 'a' profile=victim session=1: no rule of this command matches 'b' "
                + "profile=chat session=1",
            "1 chat GETINFO a: no rule of this command matches 'a' profile=victim session=1"
        ),
        (
            #"GETINFO a: no rule of this command matches 'a' exe="/tmp/b: the profile has no rule \" profile=victim c=d" "#
                + "pid=1 profile=chat session=1",
            "1 chat GETINFO a"
        ),
        (
            #"GETINFO a: the profile has no rule for this command exe="/tmp/ profile=victim\" pid=1 profile=chat"#,
            "1 chat GETINFO a"
        ),
        (
            "SETEVENTS profile=victim: the profile does not list the event profile=victim pid=1 profile=chat",
            "1 chat SETEVENTS profile=victim"
        ),
        ("X: the profile has no rule for this command profile=\"a b\" session=1", "1 a b X"),
        ("X: the profile has no rule for this command", "1 - X"),
        ("X: the profile has no rule for this command \"", "1 - X"),
        ("X: the profile has no rule for this command =\"", "1 - X"),
    ])
    func noClientWritesAnothersFields(_ line: String, _ expected: String) {
        #expect(denials("onion-grater: notice: denied: \(line)") == [expected])
    }

    /// They would make YAML that cannot be read, or says something else.
    @Test(arguments: [
        "SETEVENTS X:{suppress:true},Y", "SETEVENTS {BW", "SETEVENTS #BW", "GETCONF &a", "GETCONF '*'", "SETCONF [a]=1",
    ])
    func wordsThatTorCannotKnowAreNotAdded(_ command: String) throws {
        let log = try log("denied: \(command): the profile has no rule for this command profile=chat\n")
        let report = LearnFromLog(logs: [log], profile: "chat").run(style: plain)
        #expect(report.status == .findings)
        #expect(
            report.remarks.contains("\(command), denied once: not added: no rule can allow it"), "\(report.remarks)")
    }

    @Test func readsItsJSONAndTheJournals() {
        let json = #"{"time":"x","message":"m","decision":"denied","command":"GETINFO a\\x07b","profile":"chat"}"#
        let journal = #"{"GRATER_DECISION":"tolerated","GRATER_COMMAND":"SIGNAL NEWNYM","GRATER_PROFILE":"chat"}"#
        let other = #"{"GRATER_DECISION":"allowed","GRATER_COMMAND":"SIGNAL HUP","GRATER_PROFILE":"chat"}"#
        #expect(
            denials([json, journal, other, "{broken", "noise"].joined(separator: "\n")) == [
                "1 chat GETINFO a\u{7}b", "1 chat SIGNAL NEWNYM",
            ])
    }

    @Test func fillsInWhatWasRedacted() throws {
        let line = "denied: ADD_ONION ED25519-V3:[redacted] Port=80,8080: the profile has no rule for this command"
        let command = try #require(DenialLog(Array(line.utf8)).denials.first?.denial.command)
        #expect(String(decoding: command, as: UTF8.self).contains("ED25519-V3:AAAA"))
    }

    @Test func draftsAProfileAndLeavesOutWhatGivesAwayTooMuch() throws {
        let report = LearnFromLog(logs: [try log()], profile: "chat").run(style: plain)
        #expect(report.status == .fine)
        #expect(report.text.contains("      - 'status/circuit-established'\n"), "\(report.text)")
        #expect(report.text.contains("    BW:"))
        #expect(!report.text.contains("address"))
        #expect(report.remarks.contains("GETINFO status/circuit-established, denied 2 times: added"))
        #expect(report.remarks.contains("GETINFO address, denied once: left out: critical: address: "))
    }

    /// Each layout is extended in its own style, and comments stay.
    @Test(arguments: [
        (
            """
            # Chat.
            - name: chat
              sockets: ['chat']   # its own
              commands:
                GETINFO: ['version']  # what it is
                SIGNAL:
                  - 'NEWNYM'

            # The end.

            """,
            """
            # Chat.
            - name: chat
              sockets: ['chat']   # its own
              commands:
                GETINFO: ['version', 'status/circuit-established']  # what it is
                SIGNAL:
                  - 'NEWNYM'
              events:
                BW: {suppress: true}

            # The end.

            """
        ),
        (
            """
            - name: chat
              sockets: ['chat']
              commands:
                GETINFO:
                  # First.
                  - 'version'
                  - pattern: 'config/names'
                    answer: ['250 OK']
              events:
                HS_DESC:
              only-own-onions: true

            """,
            """
            - name: chat
              sockets: ['chat']
              commands:
                GETINFO:
                  # First.
                  - 'version'
                  - pattern: 'config/names'
                    answer: ['250 OK']
                  - 'status/circuit-established'
              events:
                HS_DESC:
                BW: {suppress: true}
              only-own-onions: true

            """
        ),
        (
            """
            - name: chat
              sockets: ['chat']

            """,
            """
            - name: chat
              sockets: ['chat']
              commands:
                GETINFO:
                  - 'status/circuit-established'
              events:
                BW: {suppress: true}

            """
        ),
    ])
    func extendsAProfileInItsOwnLayout(_ old: String, _ new: String) throws {
        let profile = try folder.write(old, to: "chat.yml")
        let report = LearnFromLog(logs: [try log()], target: profile).run(style: plain)
        #expect(report.text == new, "\(report.text)")
        #expect(report.status == .fine)
        let written = LearnFromLog(logs: [try log()], target: profile, output: profile, showsDifference: true)
            .run(style: plain)
        #expect(written.text.contains("status/circuit-established"))
        #expect(try String(contentsOfFile: profile, encoding: .utf8) == new)
        // What it allows by now is not added again.
        let again = LearnFromLog(logs: [try log()], target: profile).run(style: plain)
        #expect(again.status == .findings && again.text.isEmpty)
        #expect(again.remarks.contains("the profile allows it by now"))
    }

    @Test func whatOnlyAPersonCanExtendIsLeftToOne() throws {
        let old = "- {name: chat, sockets: [chat], commands: {GETINFO: [{pattern: version}]}}\n"
        let profile = try folder.write(old, to: "chat.yml")
        let report = LearnFromLog(logs: [try log()], target: profile, output: profile).run(style: plain)
        #expect(report.remarks.contains("not added: "), "\(report.remarks)")
        #expect(try String(contentsOfFile: profile, encoding: .utf8) == old)
        #expect(report.status == .findings)
    }

    @Test func aLogWithoutDenialsSaysSo() throws {
        let nothing = LearnFromLog(logs: [try log("nothing\n")]).run(style: plain)
        #expect(nothing.status == .usage && nothing.text.contains("no denial in it"))
        let others = LearnFromLog(logs: [try log()], profile: "chatt").run(style: plain)
        #expect(others.text.contains("no denial of 'chatt' in it (there are some of: chat, other)"))
    }
}
