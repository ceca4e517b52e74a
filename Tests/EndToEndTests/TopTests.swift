import Foundation
import TestSupport
import Testing

/// `onion-grater top`, at a terminal of 80 x 24 and smaller.
@Suite struct TopTests {
    let folder: TemporaryFolder
    let tor: EventFlood
    let daemon: Daemon

    init() throws {
        folder = try TemporaryFolder()
        tor = try EventFlood(in: folder, total: 0)
        daemon = try Stage.daemon(
            in: folder, profiles: ["app": "- {name: app, sockets: [app], commands: {GETINFO: [version]}}"],
            upstream: ["--control-socket", tor.path], arguments: ["--admin-socket", folder.file("admin")])
    }

    private func top(_ size: String, _ steps: [String]) throws -> (status: Int32, lines: [String]) {
        try Stem.run(
            "at_terminal.py",
            arguments: [size] + steps
                + ["--", Daemon.program, "top", "--interval", "0.2", "--socket", folder.file("admin")])
    }

    @Test func showsSessionsRatesAndDenials() throws {
        let clients = try (0..<40).map { _ in try ControlClient(path: folder.file("app")) }
        for client in clients { #expect(try client.ask("AUTHENTICATE") == ["250 OK"]) }
        for _ in 0..<3 { #expect(try clients[7].ask("GETINFO address") == ["510 Command filtered"]) }
        let seen = try top(
            "80x24",
            ["await:GETINFO address", "key:d", "await:DENIED▾", "show", "key:?", "await:show or hide", "key:q"])
        let screen = seen.lines.dropLast()
        #expect(seen.lines.last == "status 0", "\(seen)")
        #expect(screen.count == 24 && screen.allSatisfy { $0.count == 82 }, "\(seen)")
        #expect(screen.contains { $0.hasPrefix("|sessions: 40 of at most ") }, "\(seen)")
        // The session with the denials comes first; those without room are counted.
        let first = screen.firstIndex { $0.hasPrefix("|SESSION ") }.map { screen[$0 + 1] }
        #expect(first?.split(separator: " ")[5] == "3", "\(seen)")
        #expect(screen.contains { $0.contains(" more ") }, "\(seen)")
        #expect(screen.last?.hasPrefix("|q quit ") == true, "\(seen)")
    }

    @Test func fitsWhateverTheTerminalBecomes() throws {
        let seen = try top(
            "80x24", ["await:sessions: 0", "size:30x5", "key:k?", "await:q        quit", "show", "key:\\x03"])
        #expect(seen.lines.last == "status 0", "\(seen)")
        #expect(seen.lines.dropLast().count == 5, "\(seen)")
    }

    /// However it ends, the terminal is as it was.
    @Test(arguments: ["TERM", "INT", "HUP"]) func givesTheTerminalBack(_ signal: String) throws {
        #expect(try top("80x24", ["await:q quit", "signal:\(signal)"]).lines == ["status 0"])
    }

    @Test func goesOnWhenTheDaemonIsGone() throws {
        let pid = "\(daemon.process.id)"
        let seen = try top(
            "80x24", ["await:sessions: 0", "kill:\(pid)", "await:Not connected: cannot connect", "key:q"])
        #expect(seen.lines == ["status 0"], "\(seen)")
    }

    /// Nor does a daemon that hangs keep the person.
    @Test func canBeQuitWhileTheDaemonHangs() throws {
        let pid = "\(daemon.process.id)"
        defer { kill(daemon.process.id, SIGCONT) }
        let seen = try top(
            "80x24",
            [
                "await:sessions: 0", "stop:\(pid)", "await:the daemon does not answer", "cont:\(pid)",
                "await:tor not asked yet", "stop:\(pid)", "await:the daemon does not answer", "key:q",
            ])
        #expect(seen.lines == ["status 0"], "\(seen)")
    }

    @Test func needsATerminalAndADaemon() throws {
        let elsewhere = try ChildProcess(
            Daemon.program, ["top", "--socket", folder.file("admin")], output: folder.file("out"))
        #expect(try elsewhere.waitForExit() == 1)
        #expect(elsewhere.output.contains("top needs a terminal; \"onion-grater status\" prints the same once"))
        let nobody = try ChildProcess(
            Daemon.program, ["top", "--socket", folder.file("nobody")], output: folder.file("out2"))
        #expect(try nobody.waitForExit() == 1)
        #expect(nobody.output.contains("is onion-grater running"))
    }
}
