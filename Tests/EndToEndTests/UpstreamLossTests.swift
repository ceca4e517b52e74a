import Foundation
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

    @Test("No tor: the client is told or let go, the daemon lives, and serves once tor is there")
    func absent() throws {
        let folder = try ScratchFolder()
        let daemon = try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: ["--control-socket", folder.file("tor.sock")]
        )
        let early = try ControlClient(path: folder.file("app"))
        let answers = [try? early.ask("AUTHENTICATE"), try? early.ask("GETINFO version")]
        #expect(answers[1]?.first?.hasPrefix("250") != true, "\(answers)")
        try daemon.waitForLog("tor.sock")

        let tor = try PrivateTor(in: folder)
        let late = try ControlClient(path: folder.file("app"))
        #expect(try late.ask("AUTHENTICATE") == ["250 OK"], "\(daemon.log)")
        // That tor was away counts for a moment still.
        try wait(for: "the daemon to find tor: \(daemon.log)", seconds: 20) {
            try late.ask("GETINFO version").last == "250 OK" ? () : nil
        }
        withExtendedLifetime(tor) {}
    }

    @Test("Tor is killed: who has an onion service is disconnected, and a new client finds the new tor")
    func killed() throws {
        let folder = try ScratchFolder()
        var tor = try PrivateTor(in: folder)
        let daemon = try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: ["--control-socket", tor.socketPath]
        )
        let owner = try ControlClient(path: folder.file("app"))
        #expect(try owner.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try owner.ask("ADD_ONION NEW:ED25519-V3 Port=80,17600").last == "250 OK", "\(daemon.log)")
        #expect(try tor.process.stop(SIGKILL) == 128 + SIGKILL)
        #expect(try owner.isAtEnd())

        tor = try PrivateTor(in: folder)
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("GETINFO version").last == "250 OK", "\(daemon.log)")
    }

    @Test("Tor restarts under an idle client, which finds the new one with its next command")
    func restarted() throws {
        let folder = try ScratchFolder()
        var tor = try PrivateTor(in: folder)
        let daemon = try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: ["--control-socket", tor.socketPath]
        )
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("GETINFO version").last == "250 OK", "\(daemon.log)")
        try tor.process.stop()
        tor = try PrivateTor(in: folder)
        #expect(try client.ask("GETINFO version").last == "250 OK", "\(daemon.log)")
    }
}
