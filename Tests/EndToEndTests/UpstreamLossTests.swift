import Foundation
import TestSupport
import Testing

@Suite("Tor comes and goes", .needsTor)
struct UpstreamLossTests {
    private static let profiles = [
        "app": """
        - sockets: [app]
          commands: {GETINFO: [version], ADD_ONION: ['NEW:ED25519-V3 Port=80,17600']}
          events: {CONF_CHANGED: {}}
        """
    ]

    private func daemon(
        in folder: TemporaryFolder, upstream path: String, arguments: [String] = []
    ) throws -> Daemon {
        try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: ["--control-socket", path], arguments: arguments)
    }

    /// A client that has authenticated.
    private func authenticated(in folder: TemporaryFolder) throws -> ControlClient {
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        return client
    }

    @Test("No tor: the client is told or let go, the daemon lives, and serves once tor is there")
    func absent() throws {
        let folder = try TemporaryFolder()
        let daemon = try daemon(in: folder, upstream: folder.file("tor.sock"))
        let early = try ControlClient(path: folder.file("app"))
        let answers = [try? early.ask("AUTHENTICATE"), try? early.ask("GETINFO version")]
        #expect(answers[1]?.first?.hasPrefix("250") != true, "\(answers)")
        try daemon.waitForLog("tor.sock")

        let tor = try PrivateTor(in: folder)
        let late = try authenticated(in: folder)
        // That tor was away counts for a moment still.
        try wait(for: "the daemon to find tor: \(daemon.log)", seconds: 20) {
            try late.ask("GETINFO version").last == "250 OK" ? () : nil
        }
        withExtendedLifetime(tor) {}
    }

    @Test("Tor is killed: who has an onion service is disconnected, and a new client finds the new tor")
    func killed() throws {
        let folder = try TemporaryFolder()
        var tor = try PrivateTor(in: folder)
        let daemon = try daemon(in: folder, upstream: tor.socketPath)
        let owner = try authenticated(in: folder)
        #expect(try owner.ask("ADD_ONION NEW:ED25519-V3 Port=80,17600").last == "250 OK", "\(daemon.log)")
        #expect(try tor.process.stop(SIGKILL) == 128 + SIGKILL)
        #expect(try owner.isAtEnd())

        tor = try PrivateTor(in: folder)
        let client = try authenticated(in: folder)
        #expect(try client.ask("GETINFO version").last == "250 OK", "\(daemon.log)")
    }

    @Test("Tor restarts under an idle client, which finds the new one with its next command")
    func restarted() throws {
        let folder = try TemporaryFolder()
        var tor = try PrivateTor(in: folder)
        let daemon = try daemon(in: folder, upstream: tor.socketPath)
        let client = try authenticated(in: folder)
        #expect(try client.ask("GETINFO version").last == "250 OK", "\(daemon.log)")
        try tor.process.stop()
        tor = try PrivateTor(in: folder)
        #expect(try client.ask("GETINFO version").last == "250 OK", "\(daemon.log)")
    }

    @Test("Tor restarts under a client that waits for events, which hears them again and notices nothing else")
    func events() throws {
        let folder = try TemporaryFolder()
        var tor = try PrivateTor(in: folder)
        let daemon = try daemon(in: folder, upstream: tor.socketPath)
        let client = try authenticated(in: folder)
        #expect(try client.ask("SETEVENTS CONF_CHANGED") == ["250 OK"], "\(daemon.log)")
        try tor.process.stop()
        try daemon.waitForLog("tor cannot be reached")
        #expect(try client.ask("GETINFO version") == ["551 onion-grater cannot reach tor"])
        tor = try PrivateTor(in: folder)
        try wait(for: "tor to be found; \(daemon.log)") {
            try client.ask("GETINFO version").last == "250 OK" ? () : nil
        }
        #expect(try tor.client().ask("SETCONF ContactInfo=new") == ["250 OK"])
        #expect(try client.event() == ["650-CONF_CHANGED", "650-ContactInfo=new", "650 OK"])
    }

    @Test("Tor stands still: who waits for a reply is told, who comes is told, and later all is well")
    func stopped() throws {
        let folder = try TemporaryFolder()
        let tor = try PrivateTor(in: folder)
        let relay = try RecordingRelay(in: folder, to: tor.socketPath)
        let daemon = try daemon(
            in: folder, upstream: relay.path, arguments: ["--reply-timeout", "3", "--tor-timeout", "2"])
        let client = try authenticated(in: folder)
        #expect(try client.ask("GETINFO version").last == "250 OK")
        tor.process.signal(SIGSTOP)
        #expect(try client.ask("GETINFO version") == ["551 tor does not answer"], "\(daemon.log)")
        #expect(try client.isAtEnd())
        let late = try authenticated(in: folder)
        #expect(try late.ask("GETINFO version") == ["551 onion-grater cannot reach tor"], "\(daemon.log)")
        tor.process.signal(SIGCONT)
        try wait(for: "tor to be found again: \(daemon.log)") {
            try late.ask("GETINFO version").last == "250 OK" ? () : nil
        }
        // What was given up was not said again.
        #expect(relay.lines.count { $0 == "GETINFO version" } == 3)
    }

    @Test("Tor dies with a command unanswered: the client is let go, and the next tor does not hear it again")
    func neverTwice() throws {
        let folder = try TemporaryFolder()
        var tor = try PrivateTor(in: folder)
        let relay = try RecordingRelay(in: folder, to: tor.socketPath)
        let daemon = try daemon(in: folder, upstream: relay.path)
        let client = try authenticated(in: folder)
        #expect(try client.ask("SETEVENTS CONF_CHANGED") == ["250 OK"], "\(daemon.log)")
        tor.process.signal(SIGSTOP)
        try client.send("GETINFO version")
        try wait(for: "tor to have been asked") { relay.lines.contains("GETINFO version") ? () : nil }
        try tor.process.stop(SIGKILL)
        #expect(try client.isAtEnd())
        tor = try PrivateTor(in: folder)
        let late = try authenticated(in: folder)
        try wait(for: "tor to be found: \(daemon.log)") {
            try late.ask("SETEVENTS CONF_CHANGED") == ["250 OK"] ? () : nil
        }
        #expect(relay.lines.count { $0 == "GETINFO version" } == 1)
    }
}
