import TestSupport
import Testing

@testable import GraterCheck

@Suite struct TrialTests {
    private static let profile = """
        - name: example
          sockets: [example]
          commands:
            GETINFO:
              - pattern: 'version'
                response:
                  - {pattern: '250-version=1', replacement: '250-version=2'}
            GETCONF:
              - {pattern: 'SocksPort', answer: ['250 SocksPort=9050']}
            ADD_ONION:
              - {pattern: 'NEW:BEST Port=80', replacement: 'NEW:BEST Port=80,{client-address}:80'}
          events:
            HS_DESC: {}

        """

    private func run(
        _ commands: String..., reply: [String]? = nil, configure: (inout SessionSettings) throws -> Void = { _ in }
    ) throws -> (text: String, status: Report.Status, file: String) {
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.profile, to: "example.yml")
        var settings = SessionSettings()
        try configure(&settings)
        let trial = Trial(
            profile: file, commands: commands.map { Array($0.utf8) }, reply: try reply.map { try Trial.reply($0) },
            settings: settings)
        let report = trial.run(style: Style(usesColor: false))
        return (report.text, report.status, file)
    }

    @Test func ownListenersNeedSomebodyWhoListens() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "- {sockets: [x], own-listeners: true, commands: {ADD_ONION: ['NEW:BEST Port=80,.*']}}\n", to: "x.yml")
        func report(_ listeners: [(SessionSettings.Key, String)]) throws -> Report {
            var settings = SessionSettings()
            for (key, target) in listeners { try settings.set(key, to: target) }
            let commands = ["ADD_ONION NEW:BEST Port=80,8080", "ADD_ONION NEW:BEST Port=80,127.0.0.1:8080"]
            return Trial(profile: file, commands: commands.map { Array($0.utf8) }, settings: settings)
                .run(style: Style(usesColor: false))
        }
        let nobody = try report([])
        #expect(nobody.status == .findings)
        #expect(nobody.text.contains("own-listeners: the application does not listen at 127.0.0.1:8080"))
        #expect(nobody.text.contains("--listens"))
        #expect(try report([(.listener, "8080")]).status == .fine)
        let other = try report([(.otherListener, "127.0.0.1:8080")])
        #expect(other.status == .findings && other.text.contains("another program listens there"))
    }

    @Test func allowed() throws {
        let (text, status, file) = try run("GETINFO version")
        #expect(status == .fine)
        #expect(
            text == """
                GETINFO version
                  allowed
                  rule: \(file):5:9  pattern: 'version'
                  to tor: GETINFO version

                """)
    }

    @Test func rewrittenForAClientElsewhere() throws {
        let (text, status, file) = try run("add_onion NEW:BEST Port=80") { try $0.set(.clientAddress, to: "10.0.0.2") }
        #expect(status == .fine)
        #expect(
            text == """
                add_onion NEW:BEST Port=80
                  rewritten
                  rule: \(file):11:9  {pattern: 'NEW:BEST Port=80', replacement: 'NEW:BEST Port=80,{client-address}:80'}
                  to tor: ADD_ONION NEW:BEST Port=80,10.0.0.2:80

                """)
    }

    @Test func bracketsIPv6Addresses() throws {
        let (text, _, _) = try run("ADD_ONION NEW:BEST Port=80") { try $0.set(.clientAddress, to: "fd00::5") }
        #expect(text.contains("to tor: ADD_ONION NEW:BEST Port=80,[fd00::5]:80"))
    }

    @Test func answered() throws {
        let (text, status, file) = try run("GETCONF SocksPort")
        #expect(status == .fine)
        #expect(
            text == """
                GETCONF SocksPort
                  answered by onion-grater itself
                  rule: \(file):9:9  {pattern: 'SocksPort', answer: ['250 SocksPort=9050']}
                  to the client: 250 SocksPort=9050

                """)
    }

    @Test(arguments: [
        ("GETINFO address", "no rule for GETINFO matches 'address'", "the rules for GETINFO are: version"),
        ("GETINFO version address", "no rule for GETINFO matches 'address'", "the rules for GETINFO are: version"),
        ("SIGNAL HALT", "the profile has no rule for SIGNAL", "it has rules for: ADD_ONION, GETCONF, GETINFO"),
        ("SETEVENTS HS_DESC CIRC", "the profile does not list the event CIRC", "it lists: HS_DESC"),
    ])
    func denied(command: String, reason: String, hint: String) throws {
        let (text, status, _) = try run(command)
        #expect(status == .findings)
        #expect(
            text == """
                \(command)
                  denied: \(reason)
                  = \(hint)
                  to the client: 510 Command filtered

                """)
    }

    @Test func showsWhatBecomesOfAReply() throws {
        let (text, status, _) = try run("GETINFO version", reply: ["250-version=1\\n250 OK"])
        #expect(status == .fine)
        #expect(text.hasSuffix("  to the client: 250-version=2\n                 250 OK\n"))
    }

    @Test func aReplyToSomethingElseIsAFinding() throws {
        let (text, status, _) = try run("GETINFO version", reply: ["250-address=192.0.2.1", "250 OK"])
        #expect(status == .findings)
        #expect(text.contains("the connection is closed, for this is not tor's reply"))
    }

    @Test func escapesWhatAClientSays() throws {
        let (text, status, _) = try run("GETINFO \u{1B}[2Jversion")
        #expect(status == .findings)
        #expect(text.hasPrefix("GETINFO \\x1b[2Jversion\n  denied: "))
        #expect(!text.contains("\u{1B}"))
    }

    @Test func anUnfinishedCommandIsAFinding() throws {
        let (text, status, _) = try run("+HSPOST HSADDRESS=x\ndata")
        #expect(status == .findings)
        #expect(text.contains("nothing happens: the command is not complete"))
    }

    @Test func readsCommandsFromAText() {
        let commands = Trial.commands(in: Array("GETINFO version\r\n\n+HSPOST x\na\n.\nQUIT".utf8))
        #expect(commands == ["GETINFO version", "+HSPOST x\na\n.", "QUIT"].map { Array($0.utf8) })
    }

    @Test func aProfileThatCannotBeUsedIsNoAnswer() {
        let report = Trial(profile: "/nowhere.yml", commands: [Array("QUIT".utf8)]).run(style: Style(usesColor: false))
        #expect(report.status == .usage)
        #expect(report.text.hasPrefix("grater-check: error: /nowhere.yml cannot be opened: "))
    }
}
