import Profiles
import Testing

@testable import GraterCheck

@Suite struct RuleLintTests {
    private func messages(_ body: String) throws -> [String] {
        let loaded = ProfileFile.parse(Array("- {name: x, sockets: [x], \(body)}\n".utf8), file: "x.yml")
        let profile = try #require(loaded.profiles.first, "\(loaded.diagnostics)")
        return RuleLint(profile.policy).diagnostics().map(\.message)
    }

    @Test func shadowedRulesAreFound() throws {
        let one = try messages(#"commands: {GETINFO: ['ver\w+', 'version']}"#)
        #expect(one == ["this rule never decides: line 1 matches everything it matches"])
        let together = try messages("commands: {GETINFO: ['a|ab', 'b|c', '[abc]']}")
        #expect(together == ["this rule never decides: the rules before it match everything it matches"])
        #expect(try messages("commands: {GETINFO: ['version', '.*']}").isEmpty)
        #expect(try messages(#"commands: {GETINFO: ['\x07']}"#) == ["this rule can never match: no such text can come"])
    }

    @Test(arguments: [
        ("commands: {GETINFO: [{pattern: version, response: [{pattern: '250-version=*', replacement: x}]}]}", "'=*'"),
        (
            "commands: {GETINFO: [{pattern: version, response: [{pattern: '250-verison=.*', replacement: x}]}]}",
            "never replies"
        ),
        (
            "commands: {SETCONF: [{pattern: 'A=1', response: [{pattern: '250 A=.*', replacement: '250 A'}]}]}",
            "never replies"
        ),
        ("events: {CIRC: {response: [{pattern: '250 CIRC .*', replacement: ''}]}}", "never replies"),
        (
            "events: {CIRC: {response: [{pattern: '.*', replacement: ''}, {pattern: '650 CIRC .*', replacement: ''}]}}",
            "this rewrite never decides"
        ),
        ("commands: {SETCONF: ['DisableNetwork.*']}", "lets further options through"),
    ])
    func deadAndDifferentRulesAreFound(body: String, part: String) throws {
        let messages = try messages(body)
        #expect(messages.count == 1 && messages.allSatisfy { $0.contains(part) }, "\(messages)")
    }

    @Test(arguments: [
        "commands: {GETINFO: [{pattern: version, response: [{pattern: '250-version=.*', replacement: x}]}]}",
        "commands: {GETINFO: [{pattern: version, response: [{pattern: '0[.].*', replacement: x}]}]}",
        "commands: {GETCONF: [{pattern: socksport, response: [{pattern: '250 SocksPort=.*', replacement: x}]}]}",
        "commands: {ADD_ONION: [{pattern: '.*', response: [{pattern: '250-PrivateKey=.*', replacement: ''}]}]}",
        "commands: {SETCONF: ['DisableNetwork=[01]']}",
    ])
    func livingRulesAreNot(body: String) throws {
        #expect(try messages(body).isEmpty)
    }

    @Test func filtersForTheSameClientAreFound() throws {
        func count(_ first: String, _ second: String) -> Int {
            let text = "- {name: x, \(first)}\n- {name: y, \(second)}\n"
            let loaded = ProfileFile.parse(Array(text.utf8), file: "x.yml")
            return SharedClients.conflicts(among: loaded.profiles).count
        }
        #expect(count("sockets: [a]", "sockets: [b, a]") == 1)
        #expect(count("sockets: [a]", "sockets: [b]") == 0)
        #expect(count("units: ['a@*.service']", "units: ['*b.service']") == 1)
        #expect(count("units: ['a@*.service']", "units: ['b@*.service']") == 0)
        #expect(count("apparmor-profiles: [a], users: [x]", "apparmor-profiles: ['*'], users: [y]") == 0)
        #expect(count("apparmor-profiles: [a], users: [x]", "apparmor-profiles: ['*'], users: ['*']") == 1)
        #expect(count("hosts: ['10.0.0.0/8']", "hosts: ['10.1.2.3']") == 1)
        #expect(count("hosts: ['10.0.0.0/8']", "hosts: ['192.168.1.1']") == 0)
    }
}
