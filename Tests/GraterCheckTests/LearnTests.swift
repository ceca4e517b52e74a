import Profiles
import TestSupport
import Testing

@testable import GraterCheck
@testable import GraterRun

@Suite struct LearnTests {
    private func draft(_ commands: String...) -> ProfileDraft {
        ProfileDraft(commands: commands.map { Array($0.utf8) })
    }

    @Test(arguments: [
        ("ns/id/9695DFC35FFEB861329B9F1AB04C46397020CE31", #"ns/id/\$?[0-9A-F]{40}(?:[~=]\w+)?"#),
        ("ip-to-country/192.0.2.1", #"ip-to-country/[0-9]{1,3}(?:\.[0-9]{1,3}){3}"#),
        (String(repeating: "b", count: 56), "[a-z2-7]{56}"),
        ("x25519:" + String(repeating: "/", count: 43) + "=", "x25519:[A-Za-z0-9+/]{43}="),
        ("status/circuit-established", "status/circuit-established"),
        ("a.b", #"a\.b"#),
    ])
    func whatVariesIsGeneralised(word: String, pattern: String) {
        #expect(ArgumentShape(word).pattern == pattern)
    }

    @Test func portsOfTheKernelAreGeneralisedAndTargetsAreTheClients() {
        let shape = ArgumentShape(onionService: "Port=80,127.0.0.1:45678")
        #expect(shape.grouped == #"Port=80,(?:127\.0\.0\.1:)?([3-6][0-9]{4})"#)
        #expect(shape.replacement == "Port=80,{client-address}:{}")
        #expect(ArgumentShape(onionService: "Port=80,8080").pattern == "Port=80,8080")
        #expect(ArgumentShape(onionService: "Port=80,17612").pattern == "Port=80,176[0-9]{2}")
    }

    /// What is asked as a matter of form is answered without tor.
    @Test func aDraftAnswersWhatNeedsNoTor() throws {
        let draft = draft(
            "GETCONF __owningcontrollerprocess SocksPort", "SETCONF DisableNetwork=\"0\"", "GETINFO circuit-status")
        let body = draft.body.joined(separator: "\n")
        #expect(body.contains("{pattern: '__OwningControllerProcess', answer: ['250 __OwningControllerProcess']}"))
        #expect(body.contains("confs:\n  SocksPort:"))
        #expect(!body.contains("  DisableNetwork:"))
        let profile = ProfileFile.parse(Array(draft.yaml(name: "x").utf8), file: "x.yml")
        let policy = try #require(profile.profiles.first?.policy, "\(profile.diagnostics)")
        for (command, received) in [
            ("GETCONF __owningcontrollerprocess SocksPort", "GETCONF SocksPort"), ("SETCONF DisableNetwork=0", nil),
            ("GETINFO circuit-status", nil),
        ] {
            let probe = Probe(Array(command.utf8), policy: policy, settings: SessionSettings())
            #expect(!probe.isDenied)
            #expect(probe.received.map { String(decoding: $0.line, as: UTF8.self) } == received)
        }
        #expect(draft.hazards.isEmpty)
    }

    /// Whatever is learnt, the draft is a profile that lets it through.
    @Test func aDraftAllowsWhatItWasDraftedFrom() throws {
        let commands = [
            "GETINFO version status/bootstrap-phase", "GETCONF socksport",
            "SETCONF SocksPort=9050 DisableNetwork=\"0\"",
            "RESETCONF Bridge", "SETEVENTS CIRC HS_DESC BW", "SIGNAL NEWNYM",
            "ADD_ONION NEW:ED25519-V3 Flags=DiscardPK Port=80,127.0.0.1:43210",
            "ADD_ONION ED25519-V3:\(String(repeating: "a", count: 86))== Port=80,8080",
            "DEL_ONION \(String(repeating: "b", count: 56))", "GETINFO it's{}",
        ]
        let yaml = ProfileDraft(commands: commands.map { Array($0.utf8) }).yaml(name: "x")
        let loaded = ProfileFile.parse(Array(yaml.utf8), file: "x.yml")
        let policy = try #require(loaded.profiles.first, "\(loaded.diagnostics)").policy
        for command in commands {
            let probe = Probe(Array(command.utf8), policy: policy, settings: SessionSettings())
            #expect(!probe.isDenied, "\(command)\n\(yaml)")
        }
    }

    @Test func ownListenersGuardWhatLeadsToThisMachine() {
        func isGuarded(_ command: String) -> Bool {
            ProfileDraft(commands: [Array(command.utf8)]).yaml(name: "x").contains("own-listeners: {within: 60}")
        }
        #expect(isGuarded("ADD_ONION NEW:BEST Port=80,127.0.0.1:43210"))
        #expect(!isGuarded("ADD_ONION NEW:BEST Flags=Detach Port=80,8080"), "it would be refused")
        #expect(!isGuarded("ADD_ONION NEW:BEST Port=80,localhost:8080"), "it would be refused")
        #expect(!isGuarded("GETINFO version"))
    }

    @Test func hazardsOfADraftAreKnown() {
        #expect(draft("GETINFO address").hazards.map(\.id) == ["address"])
        #expect(draft("GETINFO version", "SETEVENTS STREAM").hazards.isEmpty)
    }

    @Test func transcriptsAreLearntFromButNotTheirAttacks() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "== a\nC>T: GETINFO version\nT>C: 250-version=1\nT>C: 250 OK\nC: GETINFO address\n>C: 510 Command filtered\n",
            to: "x.transcript")
        let text = Learn(from: .transcripts([file]), name: "x").run(style: Style(usesColor: false)).text
        #expect(text.contains("- 'version'"))
        #expect(!text.contains("address"))
    }
}
