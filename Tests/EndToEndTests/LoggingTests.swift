import Foundation
import Testing

@Suite("What the daemon logs")
struct LoggingTests {
    @Test("As JSON, every line is an object that says what became of what")
    func json() throws {
        let folder = try ScratchFolder()
        let daemon = try Stage.daemon(
            in: folder,
            profiles: [
                "app": "- {sockets: [app], commands: {GETINFO: [version]}}",
                "broken": "- {sockets: [app], commandz: {}}",
            ],
            upstream: ["--control-socket", folder.file("no-tor")], arguments: ["--log-format", "json", "--debug"])
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE \"passphrase\"") == ["250 OK"])
        #expect(try client.ask("GETINFO address\t\"\\\u{7F}") == ["510 Command filtered"])
        _ = try client.ask("GETINFO version")
        daemon.process.signal(SIGHUP)
        try daemon.waitForLog("are not reloaded")
        #expect(try daemon.process.stop() == 0)
        let records = try daemon.log.split(separator: "\n").map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
        }
        for record in records {
            #expect(record["level"] is String && record["message"] is String && record["time"] is String)
        }
        #expect(!daemon.log.contains("passphrase"))
        let denial = try #require(records.first { $0["decision"] as? String == "denied" })
        #expect(denial["command"] as? String == #"GETINFO address\x09"\\\x7f"#)
        #expect(denial["profile"] as? String == "app")
        #expect(denial["socket"] as? String == "app")
        #expect(denial["pid"] as? Int == Int(getpid()))
        #expect(denial["level"] as? String == "notice")
        let listening = try #require(records.first { $0["address"] as? String == folder.file("app") })
        #expect((listening["message"] as? String)?.hasPrefix("Tor control port filter started, listening on ") == true)
    }

    @Test("Why it does not start is said in the form that was asked for")
    func failure() throws {
        let folder = try ScratchFolder()
        let process = try ChildProcess(
            Daemon.program, ["--no-tcp", "--log-format", "json", "--listen-socket", "/nonexistent/socket"],
            output: folder.file("log"))
        #expect(try process.waitForExit() == 1)
        let record = try JSONSerialization.jsonObject(with: Data(process.output.utf8)) as? [String: Any]
        #expect(record?["level"] as? String == "error")
    }
}
