import Foundation
import Testing

/// SIGHUP under clients that are there, with a tor that has events to tell.
@Suite("Profiles are reloaded", .needsTor)
struct ReloadTests {
    private static let before = """
        - sockets: [app]
          commands: {GETINFO: [version], SETCONF: [.*]}
          confs: {ContactInfo: [.*]}
          events: {CONF_CHANGED: {}, SIGNAL: {}}
        """

    private func reload(_ stage: Stage, _ profile: String, waitingFor text: String) throws {
        try stage.folder.write(profile, to: "profiles.d/app.yml")
        stage.daemon.process.signal(SIGHUP)
        try stage.daemon.waitForLog(text)
    }

    @Test("A live session gets the new profile with its next command, and loses what that does not list")
    func live() throws {
        let stage = try Stage(profiles: ["app": Self.before])
        let client = try stage.client()
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("SETEVENTS CONF_CHANGED SIGNAL") == ["250 OK"], "\(stage.daemon.log)")
        #expect(try client.ask("SETCONF ContactInfo=one") == ["250 OK"])
        #expect(try client.event() == ["650-CONF_CHANGED", "650-ContactInfo=one", "650 OK"])

        let after = "- {sockets: [app], commands: {GETINFO: [config-file]}, events: {SIGNAL: {}}}"
        try reload(stage, after, waitingFor: "profiles reloaded")
        try wait(for: "tor to be told: \(stage.relay.lines)") {
            stage.relay.lines.contains("SETEVENTS SIGNAL") ? () : nil
        }
        #expect(try client.ask("GETINFO version") == ["510 Command filtered"])
        #expect(try client.ask("GETINFO config-file").last == "250 OK")
        let witness = try stage.tor.client()
        #expect(try witness.ask("SETCONF ContactInfo=two") == ["250 OK"])
        #expect(try witness.ask("SIGNAL CLEARDNSCACHE") == ["250 OK"])
        // What happened before is not heard of, what happened after it is.
        #expect(try client.event() == ["650 SIGNAL CLEARDNSCACHE"])
    }

    @Test("An event that is let through now is heard without being asked for again")
    func unsuppressed() throws {
        let stage = try Stage(profiles: ["app": "- {sockets: [app], events: {SIGNAL: {suppress: true}}}"])
        let client = try stage.client()
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("SETEVENTS SIGNAL") == ["250 OK"], "\(stage.daemon.log)")
        let witness = try stage.tor.client()
        #expect(try witness.ask("SIGNAL DUMP") == ["250 OK"])
        let after = "- {sockets: [app], commands: {GETINFO: [version]}, events: {SIGNAL: {}}}"
        try reload(stage, after, waitingFor: "profiles reloaded")
        try wait(for: "tor to be told: \(stage.relay.lines)") {
            stage.relay.lines.contains("SETEVENTS SIGNAL") ? () : nil
        }
        // Tor has taken that too once it answers what was said after it.
        #expect(try client.ask("GETINFO version").last == "250 OK")
        #expect(try witness.ask("SIGNAL CLEARDNSCACHE") == ["250 OK"])
        #expect(try client.event() == ["650 SIGNAL CLEARDNSCACHE"])
    }

    @Test("A broken file changes nothing; a profile that is gone ends its sessions")
    func brokenAndGone() throws {
        let stage = try Stage(profiles: ["app": Self.before])
        let client = try stage.client()
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        try reload(stage, "- sockets: [app]\n  comands: {}\n", waitingFor: "profiles not reloaded")
        try stage.daemon.waitForLog("app.yml:2:3: error: 'comands'")
        #expect(try client.ask("GETINFO version").last == "250 OK")
        #expect(try stage.client().ask("AUTHENTICATE") == ["250 OK"])

        try reload(stage, "[]", waitingFor: "profiles have changed")
        #expect(try client.isAtEnd())
    }
}
