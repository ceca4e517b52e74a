import Profiles
import Testing

@testable import GraterCheck

@Suite struct DiffTests {
    private func changes(_ old: String, _ new: String) throws -> [String] {
        func policy(_ body: String) throws -> Policy {
            let loaded = ProfileFile.parse(Array("- {name: x, sockets: [x], \(body)}\n".utf8), file: "x.yml")
            return try #require(loaded.profiles.first, "\(loaded.diagnostics)").policy
        }
        return PolicyComparison(old: try policy(old), new: try policy(new)).changes().map { change in
            switch change {
            case .allowed(let command, _): "+ " + String(decoding: command, as: UTF8.self)
            case .denied(let command, _): "- " + String(decoding: command, as: UTF8.self)
            case .treated(let command, _, _): "~ " + String(decoding: command, as: UTF8.self)
            case .other(let sentence): sentence
            }
        }
    }

    @Test func whatIsWrittenOtherwiseAndMeansTheSameIsNoDifference() throws {
        let old = "commands: {GETINFO: ['version', 'md/(?:a|b)'], SETCONF: ['DisableNetwork=[01]']}"
        let new = "commands: {GETINFO: ['md/[ab]', 'version'], SETCONF: ['DisableNetwork=0', 'DisableNetwork=1']}"
        #expect(try changes(old, new).isEmpty)
        #expect(try changes("confs: {A: ['0', '1']}", "confs: {a: ['[01]']}").isEmpty)
    }

    @Test func whatIsGainedAndLostIsShown() throws {
        #expect(
            try changes("commands: {GETINFO: ['version']}", "commands: {GETINFO: ['vers.*']}") == ["+ GETINFO vers"])
        #expect(try changes("commands: {SIGNAL: ['.*']}", "commands: {SIGNAL: ['NEWNYM']}") == ["- SIGNAL"])
        #expect(try changes("events: {CIRC: }", "events: {STREAM: }") == ["- SETEVENTS CIRC", "+ SETEVENTS STREAM"])
        #expect(try changes("confs: {A: ['0']}", "confs: {A: ['0', '1']}") == ["+ RESETCONF a=1", "+ SETCONF a=1"])
    }

    @Test func restrictionsToTheClientsOwnAreShown() throws {
        let rules = "commands: {ADD_ONION: ['NEW:BEST Port=80']}"
        #expect(try changes(rules, rules + ", own-listeners: true") == ["'own-listeners' is now 'true'"])
        #expect(
            try changes(rules + ", own-listeners: true", rules + ", own-listeners: {within: 9}")
                == ["'own-listeners' is now '{within: 9}'"])
        #expect(try changes(rules + ", only-own-onions: true", rules) == ["'only-own-onions' is now 'false'"])
        #expect(
            try changes(
                rules + ", own-listeners: true", "commands: {ADD_ONION: ['NEW:BEST Port=8[01]']}, own-listeners: true")
                == ["+ ADD_ONION NEW:BEST Port=81"])
    }

    @Test func whatIsRewrittenOtherwiseIsShown() throws {
        let plain = "commands: {ADD_ONION: ['NEW:BEST Port=80,8080']}"
        let moved =
            "commands: {ADD_ONION: [{pattern: 'NEW:BEST Port=80,8080', replacement: 'NEW:BEST Port=80,8081'}]}"
        #expect(try changes(plain, moved) == ["~ ADD_ONION NEW:BEST Port=80,8080"])
        let response = "[{pattern: '250-version=.*', replacement: '250-version=1'}]"
        let redacted = "commands: {GETINFO: [{pattern: version, response: \(response)}]}"
        #expect(try changes("commands: {GETINFO: [version]}", redacted) == ["~ GETINFO version"])
        #expect(try changes("events: {CIRC: }", "events: {CIRC: {suppress: true}}").count == 1)
    }
}
