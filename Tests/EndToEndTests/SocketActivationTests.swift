import Foundation
import TestSupport
import Testing

@Suite("With sockets that systemd made", .needs(.python))
struct SocketActivationTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Scripts/activate.py").path
    private static let profiles = """
        - {name: one, sockets: [one], commands: {GETINFO: [version]}}
        - {name: two, sockets: [two], commands: {GETINFO: [config-file]}}
        - {name: own, sockets: [own], commands: {GETINFO: [version]}}
        """

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(Self.profiles, to: "profiles.d/all.yml")
    }

    private func start(_ sockets: [String], _ arguments: [String] = []) throws -> ChildProcess {
        let daemon = [
            Daemon.program, "--profiles", folder.file("profiles.d"), "--control-socket", folder.file("no-tor"),
        ]
        return try ChildProcess(
            Stem.python, ["-B", Self.script] + sockets + ["--"] + daemon + arguments,
            output: folder.file("log-\(UUID().uuidString)"))
    }

    private func waitUntilListening(_ daemon: ChildProcess) throws {
        try wait(for: "the daemon to listen: \(daemon.output)") {
            daemon.exitStatus != nil || daemon.output.contains("started, listening") ? () : nil
        }
    }

    /// What a client on `path` hears: 551 means that the profile lets it through, for there is no tor.
    private func codes(_ path: String) throws -> [String] {
        let client = try ControlClient(path: path)
        _ = try client.ask("AUTHENTICATE")
        return try ["GETINFO version", "GETINFO config-file"].map { String(try client.ask($0).last?.prefix(3) ?? "") }
    }

    @Test("Each is known by its name, beside those of its own; their files are not its to remove")
    func names() throws {
        let daemon = try start(
            ["one=\(folder.file("a"))", "two=\(folder.file("b"))"], ["--listen-socket", "own=\(folder.file("c"))"])
        try waitUntilListening(daemon)
        #expect(try codes(folder.file("a")) == ["551", "510"], "\(daemon.output)")
        #expect(try codes(folder.file("b")) == ["510", "551"], "\(daemon.output)")
        #expect(try codes(folder.file("c")) == ["551", "510"], "\(daemon.output)")
        // Neither the standard socket nor the standard port is listened on besides.
        #expect(daemon.output.components(separatedBy: "started, listening").count == 4)
        #expect(try daemon.stop() == 0)
        #expect(FileManager.default.fileExists(atPath: folder.file("a")))
        #expect(!FileManager.default.fileExists(atPath: folder.file("c")))
    }

    @Test("A port is known by another name than a socket whose file keeps users out")
    func namedPort() throws {
        let users = "users: ['\(getuid())']"
        try folder.write(
            """
            - {name: port, sockets: ['tcp:one'], \(users), commands: {GETINFO: [version]}}
            - {name: other, sockets: ['tcp:two'], users: ['4294967294'], commands: {GETINFO: [version]}}
            """, to: "profiles.d/all.yml")
        let ports = [try StreamSocket.freePort(), try StreamSocket.freePort()]
        let daemon = try start(["one=127.0.0.1:\(ports[0])", "two=127.0.0.1:\(ports[1])"])
        try waitUntilListening(daemon)
        let client = try ControlClient(host: "127.0.0.1", port: ports[0])
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"], "\(daemon.output)")
        #expect(try client.ask("GETINFO config-file") == ["510 Command filtered"])
        let refused = try ControlClient(host: "127.0.0.1", port: ports[1])
        #expect(try refused.ask("AUTHENTICATE").first?.hasPrefix("551") == true, "\(daemon.output)")
    }

    @Test("A profile for a socket is not for a port of the same name")
    func port() throws {
        let port = try StreamSocket.freePort()
        let daemon = try start(["one=127.0.0.1:\(port)"])
        try waitUntilListening(daemon)
        #expect(daemon.output.contains("listening on 127.0.0.1:\(port)\n"))
        let client = try ControlClient(host: "127.0.0.1", port: port)
        #expect(try client.ask("AUTHENTICATE").first?.hasPrefix("551") == true)
    }

    @Test(
        "What is no listening socket keeps it from starting, and so does a port that options exclude",
        arguments: [
            (["x=datagram"], [], "does not listen"), (["x=connected"], [], "does not listen"),
            (["x=127.0.0.1:0"], ["--no-tcp"], "systemd passed 127.0.0.1"),
        ])
    func unfit(sockets: [String], arguments: [String], why: String) throws {
        let daemon = try start(sockets, arguments)
        #expect(try daemon.waitForExit() == 1)
        #expect(daemon.output.contains(why), "\(daemon.output)")
    }

    @Test("Sockets of another process's are none of its business")
    func otherProcess() throws {
        let daemon = try Stage.daemon(
            in: folder, profiles: [:], listeners: ["own"], upstream: ["--control-socket", folder.file("no-tor")],
            environment: ["LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "x"])
        #expect(try codes(folder.file("own")) == ["551", "510"], "\(daemon.log)")
    }
}
