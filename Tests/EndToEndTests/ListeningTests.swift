import Foundation
import TestSupport
import Testing

@Suite("Where the daemon listens", .needsTor)
struct ListeningTests {
    /// Who connects over TCP is found by the kernel's tables: the test runner itself.
    private static let anyone = """
        - apparmor-profiles: ['*']
          users: ['*']
          commands: {GETINFO: [version]}
        """

    @Test("On TCP, over IPv4 and IPv6", arguments: ["127.0.0.1", "::1"])
    func tcp(host: String) throws {
        let folder = try TemporaryFolder()
        let tor = try PrivateTor(in: folder)
        try folder.write(Self.anyone, to: "profiles.d/anyone.yml")
        let port = try StreamSocket.freePort(host: host)
        let daemon = try Daemon(
            [
                "--listen-address", host, "--listen-port", "\(port)", "--control-socket", tor.socketPath,
                "--profiles", folder.file("profiles.d"), "--listen-socket", "app=\(folder.file("app"))",
            ],
            in: folder
        )
        let client = try ControlClient(host: host, port: port)
        #expect(try client.ask("PROTOCOLINFO 1").contains("250-AUTH METHODS=NULL"), "\(daemon.log)")
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("GETINFO version").last == "250 OK", "\(daemon.log)")
        #expect(try client.ask("GETINFO address") == ["510 Command filtered"])
    }

    @Test("On all addresses of a network interface")
    func interface() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.anyone, to: "profiles.d/anyone.yml")
        let port = try StreamSocket.freePort()
        let daemon = try Daemon(
            [
                "--listen-interface", "lo", "--listen-port", "\(port)", "--control-socket", folder.file("no-tor"),
                "--profiles", folder.file("profiles.d"), "--listen-socket", "app=\(folder.file("app"))",
            ],
            in: folder
        )
        for (host, address) in [("127.0.0.1", "127.0.0.1:\(port)"), ("::1", "[::1]:\(port)")] {
            try daemon.waitForLog("Tor control port filter started, listening on \(address)")
            let client = try ControlClient(host: host, port: port)
            #expect(try client.ask("AUTHENTICATE") == ["250 OK"], "\(daemon.log)")
            #expect(try client.ask("GETINFO address") == ["510 Command filtered"])
        }
    }

    @Test("An interface that is not there is no place to listen on")
    func noInterface() throws {
        let folder = try TemporaryFolder()
        let process = try ChildProcess(
            Daemon.program,
            ["--listen-interface", "nowhere0", "--listen-socket", folder.file("app"), "--admin-socket", "none"],
            output: folder.file("log"))
        #expect(try process.waitForExit() == 1)
        #expect(process.output.contains("cannot listen on the interface nowhere0"), "\(process.output)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("app")))
    }

    @Test("Told to stop, it ends well: clients see the end, its sockets are gone", arguments: [SIGTERM, SIGINT])
    func stop(signal: Int32) throws {
        let stage = try Stage(profiles: ["app": "- {sockets: [app], commands: {GETINFO: [version]}}"])
        let client = try stage.client()
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("GETINFO version").last == "250 OK")
        #expect(try stage.daemon.process.stop(signal) == 0)
        #expect(try client.isAtEnd())
        #expect(!FileManager.default.fileExists(atPath: stage.folder.file("app")))
    }

    @Test("A socket that a daemon left behind when it was killed is no obstacle to the next")
    func staleSocket() throws {
        let stage = try Stage(profiles: ["app": "- {sockets: [app], commands: {GETINFO: [version]}}"])
        #expect(try stage.daemon.process.stop(SIGKILL) == 128 + SIGKILL)
        let next = try Stage.daemon(
            in: stage.folder, profiles: [:], upstream: ["--control-socket", stage.relay.path]
        )
        let client = try stage.client()
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"], "\(next.log)")
    }
}
