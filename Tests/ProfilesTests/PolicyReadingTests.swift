import LinearPattern
import Profiles
import Testing

/// What a good file is compiled into.
@Suite struct PolicyReadingTests {
    private func only(_ text: String) throws -> Policy {
        let loaded = parse(text)
        #expect(!loaded.hasErrors)
        return try #require(loaded.profiles.first).policy
    }

    @Test func filtersAreNamedAfterTheFile() {
        let file = "- {sockets: [a]}\n- {sockets: [b]}\n- {sockets: [c], name: chat}\n"
        let loaded = ProfileFile.parse(Array(file.utf8), file: "/etc/onion-grater.d/app.yml")
        #expect(loaded.profiles.map(\.name) == ["app", "app#2", "chat"])
        #expect(loaded.profiles.map(\.location.line) == [1, 2, 3])
    }

    @Test func commandsIgnoreCaseAndKeepTheirRulesInOrder() throws {
        let policy = try only("- sockets: [a]\n  commands:\n    getInfo: ['version', 'circuit-status']\n")
        let rules = try #require(policy.commands["GETINFO"])
        #expect(rules.rules.map(\.pattern.source) == ["version", "circuit-status"])
        #expect(rules.rules.map(\.location.line) == [3, 3])
        #expect(rules.rules.map(\.location.column) == [15, 26])
        #expect(rules.firstMatch(Array("circuit-status".utf8))?.pattern.source == "circuit-status")
        #expect(rules.firstMatch(Array("VERSION".utf8)) == nil)
    }

    @Test func namesOfOptionsIgnoreCaseInGetconf() throws {
        let policy = try only("- sockets: [a]\n  commands:\n    GETCONF: ['SocksPort']\n")
        #expect(policy.commands["GETCONF"]?.firstMatch(Array("sOCKSpORT".utf8)) != nil)
    }

    @Test(arguments: [
        ("GETCONF", "SocksPort", "SocksPort"), ("GETCONF", "Socks.*", nil), ("GETCONF", "(?i)SocksPort", nil),
        ("SETCONF", "DisableNetwork=[01]", "DisableNetwork"), ("SETCONF", "DisableNetwork", "DisableNetwork"),
        ("SETCONF", "Disable.*", nil), ("SETCONF", "Disable\\w+=1", nil), ("SETCONF", "=1", nil),
        ("RESETCONF", "__OwningControllerProcess", "__OwningControllerProcess"), ("GETINFO", "version", nil),
        ("GETCONF", "a b", nil),
    ])
    func rulesKnowTheOptionTheyAreAbout(command: String, pattern: String, name: String?) throws {
        let policy = try only("- sockets: [a]\n  commands:\n    \(command): ['\(pattern)']\n")
        let rule = try #require(policy.commands.values.first?.rules.first)
        #expect(rule.confName.map { String(decoding: $0, as: UTF8.self) } == name)
    }

    @Test func confsAreFoundIgnoringCaseAndKeepTheirSpelling() throws {
        let policy = try only("- sockets: [a]\n  confs: {DisableNetwork: ['0', ''], Nickname: , Bridge: []}\n")
        let conf = try #require(policy.confs[Array("disablenetwork".utf8)])
        #expect(conf.name == Array("DisableNetwork".utf8))
        #expect(conf.values.patterns.map(\.source) == ["0", ""])
        #expect(policy.confs[Array("nickname".utf8)]?.values.patterns.isEmpty == true)
        #expect(policy.confs[Array("bridge".utf8)]?.values.patterns.isEmpty == true)
    }

    @Test func eventsWithNothingPassAsTheyAre() throws {
        let policy = try only("- sockets: [a]\n  events: {stream: , SIGNAL: {suppress: YES}, CIRC: {suppress: off}}\n")
        #expect(policy.events["STREAM"]?.isSuppressed == false)
        #expect(policy.events["STREAM"]?.response.isEmpty == true)
        #expect(policy.events["SIGNAL"]?.isSuppressed == true)
        #expect(policy.events["CIRC"]?.isSuppressed == false)
    }

    @Test func aNullListOfRulesDeniesTheCommandAsAnEmptyOneDoes() throws {
        let policy = try only("- sockets: [a]\n  commands: {SIGNAL: , GETINFO: []}\n")
        #expect(policy.commands["SIGNAL"]?.rules.isEmpty == true)
        #expect(policy.commands["GETINFO"]?.rules.isEmpty == true)
    }

    @Test func commandsAnsweredLocallyHaveNoRules() throws {
        let policy = try only("- sockets: [a]\n  commands: {AUTHCHALLENGE: ['.*'], QUIT: [''], SETEVENTS: ['A']}\n")
        #expect(policy.commands.isEmpty)
    }

    @Test(arguments: [
        ("tor-browser-mode: true", true), ("restrict-stream-events: true", true), ("tor-browser-mode: no", false),
    ])
    func torBrowserMode(line: String, isOn: Bool) throws {
        #expect(try only("- sockets: [a]\n  \(line)\n").torBrowserMode == isOn)
    }

    @Test func answersKeepTheirLines() throws {
        let policy = try only(
            "- sockets: [a]\n  commands: {GETINFO: [{pattern: x, answer: ['250+x=', a, ..b, '', ., '250 OK']}]}\n")
        guard case .answer(let lines) = policy.commands["GETINFO"]?.rules.first?.action else {
            Issue.record("not an answer")
            return
        }
        #expect(lines.count == 6)
        #expect(lines[3].parts.isEmpty)
    }

    @Test func plainNumbersAreText() throws {
        let policy = try only("- {sockets: [a], commands: {GETINFO: [0x10, 1.50]}}\n")
        #expect(policy.commands["GETINFO"]?.rules.map(\.pattern.source) == ["0x10", "1.50"])
    }

    @Test func theUnionOfSeveralPolicies() throws {
        let first = try only(
            """
            - name: one
              sockets: [a]
              mode: complain
              commands: {GETINFO: ['version']}
              confs: {DisableNetwork: ['0']}
              events: {SIGNAL: {suppress: true}, CIRC: {suppress: true}, BW: }
            """)
        let second = try only(
            """
            - name: two
              sockets: [a]
              tor-browser-mode: true
              commands: {GETINFO: ['circuit-status'], SIGNAL: ['NEWNYM']}
              confs: {disablenetwork: ['1'], Bridge: }
              events: {SIGNAL: {suppress: true}, CIRC: {response: [{pattern: '.*', replacement: ''}]}}
            """)
        let union = Policy.union([first, second])
        #expect(union.name == "one+two")
        #expect(union.mode == .enforce)
        #expect(union.torBrowserMode)
        #expect(union.commands["GETINFO"]?.rules.map(\.pattern.source) == ["version", "circuit-status"])
        #expect(union.commands["SIGNAL"]?.rules.count == 1)
        #expect(union.confs[Array("disablenetwork".utf8)]?.name == Array("DisableNetwork".utf8))
        #expect(union.confs[Array("disablenetwork".utf8)]?.values.patterns.map(\.source) == ["0", "1"])
        #expect(union.confs.count == 2)
        #expect(union.events["SIGNAL"]?.isSuppressed == true)
        #expect(union.events["CIRC"]?.isSuppressed == false)
        #expect(union.events["CIRC"]?.response.rewrites.count == 1)
        #expect(union.events["BW"]?.isSuppressed == false)
    }
}
