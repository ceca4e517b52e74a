import Foundation
import Testing

extension LoadTests {
    /// Whose end of a TCP connection it is, is found in /proc: the more processes there are, and the more connections come at once,
    /// the more there is to look through. A session that is there already goes on meanwhile.
    @Test func answersAFloodOverTCPAndThoseWhoWereThere() throws {
        try raiseDescriptorLimit()
        let port = try StreamSocket.freePort()
        try folder.write(
            "- {name: anyone, apparmor-profiles: ['*'], users: ['*'], commands: {SIGNAL: ['NEWNYM']}}",
            to: "profiles.d/anyone.yml")
        let daemon = try Daemon(
            [
                "--listen-port", "\(port)", "--listen-socket", folder.file("unused"), "--control-socket", tor.path,
                "--profiles", folder.file("profiles.d"), "--max-connections-per-second", "10000",
                "--max-sessions-per-user", "3000",
            ],
            in: folder)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Scripts/tcp-flood").path
        let flood = try ChildProcess(
            "/usr/bin/perl", [script, "\(port)", "2000", "400", "SIGNAL NEWNYM"], output: folder.file("tcp-flood"))
        #expect(try flood.waitForExit() == 0, "\(flood.output)")
        #expect(flood.output.hasPrefix("flood: 250 OK: 2000\nsession: 250 OK: "))
        #expect(!daemon.log.contains("refused"))
    }
}
