import ControlProtocol
import FilterEngine
import GraterCheck
import Profiles
import Testing

/// What is decided at the corners of judging, and the reason that people are told. What client and tor see is in the transcripts;
/// reasons are not seen there.
@Suite struct JudgementTests {
    private func probe(_ body: String, _ command: String, torSays: String = "") throws -> Probe {
        let loaded = ProfileFile.parse(Array("- {name: x, sockets: [x], \(body)}\n".utf8), file: "x.yml")
        let policy = try #require(loaded.profiles.first, "\(loaded.diagnostics)").policy
        return Probe(
            Array(command.utf8), policy: policy, settings: SessionSettings(),
            torSays: Array(torSays.replacing("\n", with: "\r\n").utf8))
    }

    /// Why a command is denied or only tolerated; nil if it is not.
    private func reason(_ body: String, _ command: String) throws -> DenialReason? {
        switch try #require(try probe(body, command).decisions.last).verdict {
        case .denied(let reason), .tolerated(let reason), .withdrawn(let reason): reason
        case .allowed, .rewritten, .answered: nil
        }
    }

    private func received(_ body: String, _ command: String) throws -> String? {
        try probe(body, command).received.map { "\($0.keyword) \(String(decoding: $0.argument, as: UTF8.self))" }
    }

    // MARK: - GETINFO and GETCONF

    @Test func theReasonSaysWhetherThereAreRulesAtAll() throws {
        #expect(try reason("commands: {SIGNAL: [NEWNYM]}", "GETINFO version") == .commandNotListed)
        #expect(
            try reason("commands: {GETINFO: [uptime]}", "GETINFO version")
                == .noRuleMatches(keyword: Array("version".utf8)))
        #expect(try reason("confs: {A: }", "GETCONF B") == .noRuleMatches(keyword: Array("B".utf8)))
        #expect(try reason("confs: {A: }", "GETINFO version") == .commandNotListed)
        #expect(try reason("commands: {GETINFO: [uptime]}", "SETCONF A=1") == .commandNotListed)
        #expect(try reason("mode: complain", "GETINFO version") == .commandNotListed)
    }

    /// Rules of one command say nothing about another.
    @Test func rulesAreForTheirOwnCommand() throws {
        #expect(try received("commands: {GETINFO: ['.*']}", "GETCONF SocksPort") == nil)
        #expect(try received("commands: {GETCONF: ['.*']}", "GETINFO version") == nil)
        #expect(try received("commands: {GETINFO: [version]}, confs: {SocksPort: }", "GETINFO SocksPort") == nil)
    }

    /// Two rules for one keyword contradict each other only if they rewrite its value.
    @Test func aKeywordAskedForTwiceMayHaveTwoRules() throws {
        let body = "commands: {GETINFO: [version, {pattern: x, replacement: version}]}"
        #expect(try received(body, "GETINFO x version") == "GETINFO version version")
        let rewriting = """
            commands: {GETINFO: [{pattern: version, response: [{pattern: 'a', replacement: 'b'}]}, \
            {pattern: x, replacement: version, response: [{pattern: 'c', replacement: 'd'}]}]}
            """
        #expect(try received(rewriting, "GETINFO x version") == nil)
    }

    /// A pattern may be about the space behind the last keyword, which the Python onion-grater passes on.
    @Test func aSpaceBehindTheKeywordsCounts() throws {
        #expect(try received("commands: {GETINFO: ['version ']}", "GETINFO version ") != nil)
        #expect(try received("commands: {GETINFO: ['version ']}", "GETINFO version") == nil)
    }

    /// Whatever a pattern catches, what tor is asked for is one keyword.
    @Test(arguments: ["{pattern: 'x(.*)', replacement: '{}'}", "{pattern: 'x.*', replacement: 'version address'}"])
    func aRewrittenKeywordIsOneKeyword(_ rule: String) throws {
        #expect(try received("commands: {GETINFO: [\(rule)]}", "GETINFO x") == nil)
        #expect(try received("commands: {GETINFO: [uptime, \(rule)]}", "GETINFO uptime x") == nil)
    }

    /// A rule about the whole list does not take the rewriting of a keyword's own rule away.
    @Test func aRewrittenListKeepsTheResponsesOfItsKeywords() throws {
        let body = """
            commands: {GETINFO: [{pattern: 'version', response: [{pattern: '250-version=.*', replacement: '250-version=X'}]}, \
            {pattern: 'version foo', replacement: 'version uptime'}]}
            """
        let seen = try probe(body, "GETINFO version foo", torSays: "250-version=0.4\n250-uptime=7\n250 OK\n").seen
        #expect(String(decoding: seen, as: UTF8.self) == "250-version=X\r\n250-uptime=7\r\n250 OK\r\n")
    }

    // MARK: - SETCONF

    @Test func confsAloneAllowSetting() throws {
        #expect(try received("confs: {Nickname: ['a']}", "SETCONF nickname=a") == "SETCONF Nickname=a")
        #expect(try received("confs: {Nickname: ['']}", "RESETCONF nickname") == "RESETCONF Nickname")
    }

    /// Not even a rule that answers hears of a control byte, which tor may read as the end of the line.
    @Test func aControlByteInAValueIsRefusedBeforeAnyRule() throws {
        let body = "commands: {SETCONF: [{pattern: 'X=(?s:.*)', answer: ['250 OK']}]}"
        #expect(try reason(body, "SETCONF X=a") == nil)
        #expect(
            try reason(body, #"SETCONF X="a\001""#)
                == .malformed("a control byte in the value of an option"))
    }

    /// A pattern may be written for the text with its quotes, if the client writes quotes and nothing in them is escaped.
    @Test func quotesAreComparedAsTheyAreWritten() throws {
        let body = "commands: {SETCONF: ['Log=\"[^\"]*\"']}"
        #expect(try received(body, "SETCONF Log=\"notice file\"") == "SETCONF Log=\"notice file\"")
        #expect(try received(body, "SETCONF Log=notice") == nil)
        #expect(try received(body, #"SETCONF Log="a\303\251""#) == nil)
    }

    /// A replacement writes one assignment, whatever a group took; without '=' it resets the option.
    @Test func aReplacementIsOneAssignment() throws {
        let named = "commands: {SETCONF: [{pattern: 'X=(.*)', replacement: '{}=1'}]}"
        #expect(try received(named, "SETCONF X=Nickname") == "SETCONF Nickname=1")
        #expect(try received(named, "SETCONF X=\"Nickname SocksPort\"") == nil)
        #expect(try received(named, "SETCONF X=\"\"") == nil)
        let reset = "commands: {SETCONF: [{pattern: 'X=.*', replacement: 'Nickname'}]}"
        #expect(try received(reset, "SETCONF X=1") == "SETCONF Nickname")
    }

    /// Complain mode lets through what own-listeners would refuse, and says so although a rule allows it.
    @Test func complainModeSaysWhatOwnListenersWouldRefuse() throws {
        let body = "mode: complain, own-listeners: true, commands: {SETCONF: ['HiddenServicePort=.*']}"
        #expect(
            try reason(body, "SETCONF HiddenServicePort=80")
                == .unwatchedService("only ADD_ONION may create onion services, not the configuration"))
        #expect(try received(body, "SETCONF HiddenServicePort=80") == "SETCONF HiddenServicePort=80")
        #expect(try received(body.replacing("mode: complain, ", with: ""), "SETCONF HiddenServicePort=80") == nil)
    }

    // MARK: - SETEVENTS

    /// Each event's rule is named, and what tor gets otherwise than it was written counts as rewritten.
    @Test func subscriptionsNameTheirRules() throws {
        let body = "events: {CIRC: , BW: {suppress: true}, STREAM: }"
        let all = try #require(try probe(body, "SETEVENTS CIRC STREAM").decisions.last)
        #expect(all.verdict == .allowed && all.rules.count == 2 && Set(all.rules).count == 2, "\(all)")
        for command in ["SETEVENTS CIRC EXTENDED", "SETEVENTS circ", "SETEVENTS CIRC BW"] {
            let decision = try #require(try probe(body, command).decisions.last)
            guard case .rewritten = decision.verdict else {
                Issue.record("\(command): \(decision)")
                continue
            }
        }
        #expect(try received(body, "SETEVENTS CIRC BW") == "SETEVENTS CIRC")
        #expect(try reason(body, "SETEVENTS CIRC NOTICE") == .eventNotListed("NOTICE"))
        #expect(try reason("mode: complain, \(body)", "SETEVENTS NOTICE WARN") == .eventNotListed("NOTICE"))
        #expect(try received("mode: complain, \(body)", "SETEVENTS NOTICE") == "SETEVENTS NOTICE")
    }

    // MARK: - Whole commands

    @Test func theRuleOfACommandIsNamed() throws {
        let rules = try #require(try probe("commands: {SIGNAL: [HUP, NEWNYM]}", "SIGNAL NEWNYM").decisions.last).rules
        #expect(rules == [SourceLocation(file: "x.yml", line: 1, column: 52)])
    }

    /// Tor answers what it was sent, not what the client said.
    @Test func aRewrittenMappingIsConfirmedAsTorGotIt() throws {
        let body = "commands: {MAPADDRESS: [{pattern: '(a)=(b)', replacement: '{}=x.{}'}]}"
        let probe = try probe(body, "MAPADDRESS a=b", torSays: "250 a=x.b\n")
        #expect(probe.seen == Array("250 a=x.b\r\n".utf8) && probe.closing == nil)
    }

    // MARK: - The form of commands

    @Test(arguments: [
        ("HSPOST: ['.*']", "+HSPOST\nx\n.", "+HSPOST needs HSADDRESS="),
        ("GETINFO: ['.*']", "GETINFO a=b", "an equals sign or a quote in a keyword"),
        ("GETINFO: ['.*']", "GETINFO \"a\"", "an equals sign or a quote in a keyword"),
        ("SETCIRCUITPURPOSE: ['.*']", "SETCIRCUITPURPOSE", "SETCIRCUITPURPOSE needs a circuit"),
        ("HSPOST: ['.*']", "HSPOST HSADDRESS=x", "HSPOST takes data: it is written '+HSPOST'"),
        ("SIGNAL: ['.*']", "+SIGNAL NEWNYM\nx\n.", "SIGNAL takes no data"),
        (
            "ONION_CLIENT_AUTH_ADD: ['.*']", "ONION_CLIENT_AUTH_ADD a x25519:b ClientName=12345678901234567",
            "a ClientName of more than 16 bytes"
        ),
        (
            "ONION_CLIENT_AUTH_ADD: [{pattern: '(.*)', replacement: '{} ClientName=12345678901234567'}]",
            "ONION_CLIENT_AUTH_ADD a x25519:b", "a ClientName of more than 16 bytes"
        ),
    ]) func whatTorWouldAnswerInAnotherWayIsRefused(_ rules: String, _ command: String, _ defect: String) throws {
        #expect(try reason("commands: {\(rules)}", command) == .malformed(defect))
    }

    @Test(arguments: [
        ("HSPOST: ['.*']", "+HSPOST HSADDRESS=x\nx\n."),
        ("SETCIRCUITPURPOSE: ['.*']", "SETCIRCUITPURPOSE 1 purpose=x"),
        ("ONION_CLIENT_AUTH_ADD: ['.*']", "ONION_CLIENT_AUTH_ADD a x25519:b ClientName=1234567890123456"),
        ("ONION_CLIENT_AUTH_ADD: ['.*']", "ONION_CLIENT_AUTH_ADD a x25519:b Flags=12345678901234567890"),
    ]) func whatTorUnderstandsIsNot(_ rules: String, _ command: String) throws {
        #expect(try probe("commands: {\(rules)}", command).received != nil)
    }

    /// A replacement that changes nothing is no rewriting.
    @Test func onlyWhatChangesIsRewritten() throws {
        let body =
            "commands: {SIGNAL: [{pattern: 'N(.*)', replacement: 'N{}'}, {pattern: 'HUP', replacement: 'NEWNYM'}]}"
        #expect(try probe(body, "SIGNAL NEWNYM").decisions.last?.verdict == .allowed)
        #expect(
            try probe(body, "SIGNAL HUP").decisions.last?.verdict == .rewritten(command: Array("SIGNAL NEWNYM".utf8)))
        let query = "commands: {GETINFO: [{pattern: 'x', replacement: 'version'}, {pattern: 'y', replacement: 'y'}]}"
        #expect(
            try probe(query, "GETINFO x").decisions.last?.verdict == .rewritten(command: Array("GETINFO version".utf8)))
        #expect(try probe(query, "GETINFO y").decisions.last?.verdict == .allowed)
        let list =
            "commands: {GETINFO: [{pattern: 'a b', replacement: 'a b'}, {pattern: 'c d', replacement: 'version'}]}"
        #expect(try probe(list, "GETINFO a b").decisions.last?.verdict == .allowed)
        #expect(
            try probe(list, "GETINFO c d").decisions.last?.verdict == .rewritten(command: Array("GETINFO version".utf8))
        )
    }

    // MARK: - Onion services

    /// Complain mode lets through what own-listeners could not watch, and does not ask who listens there.
    @Test(arguments: ["ADD_ONION NEW:BEST Flags=Detach Port=80", "ADD_ONION NEW:BEST Port=80,localhost:80"])
    func complainModeLetsUnwatchedServicesThrough(_ command: String) throws {
        let body = "own-listeners: true, commands: {ADD_ONION: ['.*']}"
        guard case .unwatchedService? = try reason(body, command) else {
            Issue.record("\(command) is not refused")
            return
        }
        #expect(try received(body, command) == nil)
        #expect(try received("mode: complain, \(body)", command) == command)
        guard case .unwatchedService? = try reason("mode: complain, \(body)", command) else {
            Issue.record("\(command) is let through without a word")
            return
        }
    }

    @Test func noModeLeadsToAControlPort() throws {
        for body in ["commands: {ADD_ONION: ['.*']}", "mode: complain", "mode: complain, commands: {ADD_ONION: [x]}"] {
            #expect(
                try reason(body, "ADD_ONION NEW:BEST Port=80,unix:/run/tor/control") == .controlPortTarget, "\(body)")
        }
        #expect(
            try reason("commands: {ADD_ONION: ['.*']}", "ADD_ONION nonsense")
                == .malformed("not the arguments of an ADD_ONION"))
    }

    /// A path of one component is no part of /var/run, and no reason to end.
    @Test(arguments: ["unix:/var", "unix:/run"]) func shortPathsAreJudged(_ target: String) throws {
        #expect(try received("commands: {ADD_ONION: ['.*']}", "ADD_ONION NEW:BEST Port=80,\(target)") != nil)
    }
}
