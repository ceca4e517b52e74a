import ControlProtocol
import FilterEngine
import GraterCheck
import Profiles
import Testing

/// Corners of replies: which form of a line groups are taken from, what a replacement may begin with, blocks that are left out, and
/// lines that cannot be the command's.
@Suite struct ReplyRewritingTests {
    private func probe(_ commands: String, _ command: String, _ torSays: String) throws -> Probe {
        let loaded = ProfileFile.parse(Array("- {name: x, sockets: [x], \(commands)}\n".utf8), file: "x.yml")
        let policy = try #require(loaded.profiles.first, "\(loaded.diagnostics)").policy
        return Probe(
            Array(command.utf8), policy: policy, settings: SessionSettings(),
            torSays: Array(torSays.replacing("\n", with: "\r\n").utf8))
    }

    private func seen(_ commands: String, _ command: String, _ torSays: String) throws -> [String] {
        WireText.shownLines(try probe(commands, command, torSays).seen)
    }

    /// A profile that allows all of these.
    private static let open: String = {
        let commands = ["GETINFO", "GETCONF", "SIGNAL", "ADD_ONION", "MAPADDRESS", "ONION_CLIENT_AUTH_VIEW"]
        return "commands: {\(commands.map { "\($0): ['.*']" }.joined(separator: ", "))}"
    }()

    private func version(_ pattern: String, _ replacement: String) throws -> [String] {
        try seen(
            "commands: {GETINFO: [{pattern: version, response: [{pattern: '\(pattern)', replacement: '\(replacement)'}]}]}",
            "GETINFO version", "250-version=0.4\n250 OK\n")
    }

    /// A pattern may match several forms of a line: groups are taken from the one that the line has.
    @Test func groupsAreTakenFromTheFormThatTheLineHas() throws {
        #expect(try version(#"250(.)version=(\S+)"#, "250-version=[{}]{}") == ["250-version=[-]0.4", "250 OK"])
        // Of a later rewrite, too, where other forms are still looked at for an earlier one.
        let two = """
            commands: {GETINFO: [{pattern: version, response: [{pattern: nothing, replacement: ''}, \
            {pattern: '250(.)version=(\\S+)', replacement: '250-version=[{}]{}'}]}]}
            """
        let seen = try seen(two, "GETINFO version", "250-version=0.4\n250 OK\n")
        #expect(seen == ["250-version=[-]0.4", "250 OK"])
    }

    /// A rule that is about the whole list is about the whole reply, though the list has nothing in it.
    @Test func theReplyToAnEmptyListIsRewritten() throws {
        let rule = "commands: {GETINFO: [{pattern: '.*', response: [{pattern: '250 OK', replacement: '250 fine'}]}]}"
        #expect(try seen(rule, "GETINFO", "250 OK\n") == ["250 fine"])
    }

    /// Each rule that lets an assignment through has its say about the one reply to all.
    @Test func theReplyToSeveralAssignmentsIsRewrittenByAllTheirRules() throws {
        let rules = """
            commands: {SETCONF: [{pattern: 'Log=.*', response: [{pattern: nothing, replacement: ''}]}, \
            {pattern: 'SocksPort=.*', response: [{pattern: '250 OK', replacement: '250 fine'}]}]}
            """
        #expect(try seen(rules, "SETCONF Log=x SocksPort=1", "250 OK\n") == ["250 fine"])
    }

    /// Only what looks like a status code and a divider is one.
    @Test(arguments: [
        ("abc-def", "250-version=abc-def"), ("1234567", "250-version=1234567"), ("12-4", "250-version=12-4"),
        ("250-version=x", "250-version=x"), ("250 version=x", "250-version=x"), ("", nil),
    ]) func aReplacementMayBeTheValueAlone(_ replacement: String, _ line: String?) throws {
        #expect(try version(#"0\.4"#, replacement) == [line, "250 OK"].compactMap(\.self))
    }

    /// Of a command that nothing is known about, too.
    @Test func aBlockGoesWithItsHead() throws {
        let strict = "commands: {FUTURE: [{pattern: '.*', response: {lines: ['250 OK'], otherwise: drop}}]}"
        #expect(try seen(strict, "FUTURE", "250+head line\nsecret\n.\n250 OK\n") == ["250 OK"])
        // Even where the data could pass by itself.
        let lenient = strict.replacing("['250 OK']", with: "['250 OK', 'data']")
        #expect(try seen(lenient, "FUTURE", "250+head line\ndata\n.\n250 OK\n") == ["250 OK"])
        // With a head that is rewritten it stays.
        let other =
            "commands: {FUTURE: [{pattern: '.*', response: [{pattern: '250.head (.*)', replacement: '250+title {}'}]}]}"
        #expect(
            try seen(other, "FUTURE", "250+head line\ndata\n.\n250 OK\n")
                == ["250+title line", "data", ".", "250 OK"])
        let open = "commands: {FUTURE: [{pattern: '.*', response: {lines: ['250.head.*', 'data'], otherwise: drop}}]}"
        #expect(
            try seen(open, "FUTURE", "250+head line\ndata\nsecret\n.\n250-more\n250 OK\n")
                == ["250+head line", "data", ".", "250 OK"])
    }

    @Test(arguments: [
        ("GETINFO version", "350 x\n"), ("GETINFO version", "250-version=1\n250 OKAY\n"),
        ("GETINFO version", "250-version=1\n250 XK\n"), ("GETINFO version", "250-version=1\n250 OX\n"),
        ("GETINFO version", "250-uptime=1\n250 OK\n"), ("GETINFO version", "250 OK\n"),
        ("GETINFO version", "250-version=1\n551 OK\n"),
        ("GETCONF SocksPort", "250+SocksPort=\nx\n.\n250 SocksPort=1\n"),
        ("GETCONF SocksPort", "250 Nickname=x\n"), ("SIGNAL NEWNYM", "250-more\n250 OK\n"),
        ("SIGNAL NEWNYM", "250 a=b\n"), ("ADD_ONION NEW:BEST Port=80", "250 OK\n"),
        ("ADD_ONION NEW:BEST Port=80", "250-Else=1\n250 OK\n"), ("MAPADDRESS a=b", "250 a=c\n"),
        ("MAPADDRESS a=b", "250-a=b\n250 c=d\n"), ("ONION_CLIENT_AUTH_VIEW", "250-CLIENT x\n250 OK\n"),
        ("ONION_CLIENT_AUTH_VIEW", "250 OK\n"),
    ]) func whatCannotBeTheCommandsReplyEndsTheSession(_ command: String, _ torSays: String) throws {
        let probe = try probe(Self.open, command, torSays)
        guard case .torViolation? = probe.closing else {
            Issue.record("\(command): \(probe.closing.map { "\($0)" } ?? "the session goes on")")
            return
        }
    }

    @Test(arguments: [
        ("GETINFO version", "400 x\n"), ("GETINFO version", "552 Unrecognized key\n"),
        ("GETINFO version uptime", "250-version=1\n250+uptime=\n2\n.\n250 OK\n"),
        ("GETCONF SocksPort", "250-SocksPort=1\n250 SocksPort=2\n"), ("GETCONF socksport", "250 SocksPort\n"),
        ("GETCONF HiddenServiceOptions", "250-HiddenServiceDir=/x\n250 HiddenServicePort=80\n"),
        ("SIGNAL NEWNYM", "250 OK\n"), ("ADD_ONION NEW:BEST Port=80", "250-ServiceID=x\n250-PrivateKey=a:b\n250 OK\n"),
        ("MAPADDRESS a=b c=d", "250-a=b\n250 c=d\n"), ("MAPADDRESS a=b c=d", "250-a=b\n512 syntax error\n"),
        ("ONION_CLIENT_AUTH_VIEW", "250-ONION_CLIENT_AUTH_VIEW\n250-CLIENT x\n250 OK\n"),
    ]) func whatIsTheCommandsReplyIsPassedOn(_ command: String, _ torSays: String) throws {
        let probe = try probe(Self.open, command, torSays)
        #expect(probe.closing == nil && probe.seen == Array(torSays.replacing("\n", with: "\r\n").utf8))
    }
}
