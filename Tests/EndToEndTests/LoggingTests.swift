import Foundation
import TestSupport
import Testing

@Suite("What the daemon logs")
struct LoggingTests {
    @Test("As JSON, every line is an object that says what became of what")
    func json() throws {
        let folder = try TemporaryFolder()
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
        try daemon.waitForLog("profiles not reloaded")
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

    @Test("As text, a connection, a denial and an error are a line each that says who and why")
    func text() throws {
        let folder = try TemporaryFolder()
        let daemon = try Stage.daemon(
            in: folder, profiles: ["app": "- {sockets: [app], commands: {GETINFO: [version]}}"],
            listeners: ["app", "other"], upstream: ["--control-socket", folder.file("no-tor")])
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("GETINFO address") == ["510 Command filtered"])
        #expect(try client.ask("GETINFO version").first?.hasPrefix("551 ") == true)
        let stranger = try ControlClient(path: folder.file("other"))
        #expect(try stranger.ask("GETINFO version").first?.hasPrefix("551 ") == true)

        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let who = ["exe=\(program)", "pid=\(getpid())", "uid=\(getuid())", " identity="]
        let filtered = who + ["profile=app", "session=1", "socket=app"]
        let records = [
            (["info: connected "], filtered),
            (["notice: denied: GETINFO address: ", "no rule of this command matches 'address'"], filtered),
            (["error: tor cannot be reached: ", folder.file("no-tor"), "No such file"], filtered),
            (["warning: refused: "], who + ["session=2", "socket=other"]),
        ]
        for (what, who) in records {
            try daemon.waitForLog(what[0])
            let lines = daemon.log.split(separator: "\n").filter { $0.contains(what[0]) }
            #expect(lines.count == 1, "\(daemon.log)")
            for part in what + who { #expect(lines.first?.contains(part) == true, "\(part): \(lines)") }
        }
    }

    @Test("Why it does not start is said in the form that was asked for")
    func failure() throws {
        let folder = try TemporaryFolder()
        let process = try ChildProcess(
            Daemon.program, ["--no-tcp", "--log-format", "json", "--listen-socket", "/nonexistent/socket"],
            output: folder.file("log"))
        #expect(try process.waitForExit() == 1)
        let last = try #require(process.output.split(separator: "\n").last)
        let record = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
        #expect(record?["level"] as? String == "error")
    }
}
