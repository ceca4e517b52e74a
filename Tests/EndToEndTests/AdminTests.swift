import Foundation
import TestSupport
import Testing

/// Administrators ask the daemon, by its own executable, what it does.
@Suite struct AdminTests {
    static let profile = """
        - name: app
          sockets: ['app']
          commands:
            SIGNAL: ['NEWNYM', {pattern: 'HUP', replacement: 'NEWNYM'}]
        """

    let folder: TemporaryFolder
    let tor: EventFlood
    let daemon: Daemon

    init() throws {
        folder = try TemporaryFolder()
        guard chmod(folder.path, 0o711) == 0 else { throw SystemError(doing: "chmod") }
        tor = try EventFlood(in: folder, total: 0)
        daemon = try Stage.daemon(
            in: folder, profiles: ["app": Self.profile, "other": "- {sockets: [other]}"],
            upstream: ["--control-socket", tor.path],
            arguments: ["--admin-socket", "\(folder.file("admin")),mode=0666"])
    }

    /// A client past authentication, and what the daemon counts for it.
    private func client() throws -> ControlClient {
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        return client
    }

    /// Runs a subcommand to its end.
    private func ask(_ arguments: String...) throws -> (status: Int32, output: String) {
        let process = try start(arguments)
        return (try process.waitForExit(), process.output)
    }

    private func start(_ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            Daemon.program, arguments + ["--socket", folder.file("admin")],
            output: folder.file("\(UUID().uuidString).out"))
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func say(_ arguments: String...) throws -> (status: Int32, output: String) {
        let process = try ChildProcess(Daemon.program, arguments, output: folder.file("\(UUID().uuidString).out"))
        return (try process.waitForExit(), process.output)
    }

    /// Equal denials are one line, with their number and who it was; secrets are not in it.
    @Test func listsWhatWasDenied() throws {
        #expect(try ask("denials").output == "Nothing was denied.\n")
        let client = try client()
        for _ in 0..<3 { #expect(try client.ask("GETINFO address") == ["510 Command filtered"]) }
        #expect(try client.ask("ADD_ONION RSA1024:secret Port=80") == ["510 Command filtered"])
        let listed = try ask("denials", "--since", "1h", "--profile", "app")
        let lines = listed.output.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true)
        }
        #expect(listed.status == 0 && lines.count == 3, "\(listed)")
        #expect(lines[1].suffix(3).joined(separator: " ") == "ADD_ONION RSA1024:[redacted] Port=80")
        #expect(
            lines[2].suffix(2).joined(separator: " ") == "GETINFO address" && lines[2][2] == "3" && lines[2][3] == "app"
        )
        let json = try object(try ask("denials", "--json").output)
        let denials = try #require((json["denials"] as? [String: Any])?["denials"] as? [[String: Any]])
        #expect(denials.map { $0["count"] as? Int } == [1, 3] && denials[0]["program"] is String, "\(denials)")
        #expect(try ask("denials", "--profile", "other").output == "Nothing was denied.\n")
        #expect(try ask("denials", "--profile", "ap").output.contains("did you mean 'app'"))
        #expect(try ask("denials", "--since", "1w").output.contains("The value '1w' is invalid for '--since <age>'"))
    }

    /// The running session answers, by its own rules and with the rule that comes nearest, and goes on as if nobody had asked.
    @Test func explainsWhatWouldBecomeOfACommand() throws {
        let client = try client()
        let sessions = try #require(try object(try ask("sessions", "--json").output)["sessions"] as? [[String: Any]])
        let number = "\(try #require(sessions[0]["session"] as? Int))"
        let before = try ask("status", "--json").output
        let profile = "\(folder.path)/profiles.d/app.yml"
        let denied = try ask("explain", number, "SIGNAL NEWNYX")
        #expect(denied.status == 0, "\(denied)")
        #expect(
            denied.output.hasPrefix("SIGNAL NEWNYX\n  denied: no rule of this command matches its arguments\n"),
            "\(denied)")
        #expect(
            denied.output.contains("nearest rule: \(profile):4:14  'NEWNYM', which matches up to 'NEWNY'"), "\(denied)")
        let rewritten = try ask("explain", number, "signal HUP").output
        #expect(rewritten.contains("rewritten") && rewritten.contains("to tor: SIGNAL NEWNYM"), "\(rewritten)")
        #expect(rewritten.contains("rule: \(profile):4:2"), "\(rewritten)")
        #expect(try ask("explain", number, "SIGNAL NEWNYM").output.contains("  allowed\n"))
        #expect(
            try ask("explain", number, "GETINFO address").output.contains("the profile has no rule for this command"))
        #expect(try ask("explain", number, "PROTOCOLINFO").output.contains("answered"))
        #expect(try ask("explain", number, "ADD_ONION RSA1024:secret Port=80").output.contains("RSA1024:[redacted]"))
        #expect(try ask("explain", number, "SIGNAL\u{7}X").output.contains("byte 0x7 in a command line"))
        #expect(try ask("explain", number, "").status == 0)
        #expect(try ask("explain", "999", "SIGNAL NEWNYM").output.contains("there is no session 999"))
        func traffic(_ status: String) throws -> [[String: Int]?] {
            let report = try object(status)["status"] as? [String: Any]
            let sessions = try #require(report?["sessions"] as? [[String: Any]])
            return sessions.map { $0["traffic"] as? [String: Int] }
        }
        #expect(try traffic(before) == traffic(ask("status", "--json").output), "nothing was counted")
        #expect(try ask("denials").output == "Nothing was denied.\n")
        #expect(try client.ask("SIGNAL HUP") == ["250 OK"])
    }

    /// What is set is compared with its value, by rules and by `confs`.
    @Test func explainsWhichValueOfAnOptionComesNearest() throws {
        try folder.write(
            "- {name: app, sockets: [app], commands: {SETCONF: ['Nickname=a.*']}, confs: {SocksPort: ['905[01]']}}\n",
            to: "profiles.d/app.yml")
        #expect(try ask("reload").status == 0)
        let client = try client()
        let sessions = try #require(try object(try ask("sessions", "--json").output)["sessions"] as? [[String: Any]])
        let number = "\(try #require(sessions[0]["session"] as? Int))"
        let value = try ask("explain", number, "SETCONF socksport=9052").output
        #expect(value.contains("'905[01]', which matches up to 'socksport=905'"), "\(value)")
        let rule = try ask("explain", number, "SETCONF Nickname=b").output
        #expect(rule.contains("'Nickname=a.*', which matches up to 'Nickname='"), "\(rule)")
        #expect(try ask("complain", "app", "--for", "1h").status == 0)
        let tolerated = try ask("explain", number, "SETCONF SocksPort=1").output
        #expect(tolerated.contains("tolerated") && tolerated.contains("'905[01]'"), "\(tolerated)")
        #expect(try client.ask("GETINFO x").count > 0)
    }

    /// A union complains only if all of it does, and the answer says so.
    @Test func complainsForUnitedProfiles() throws {
        for name in ["a", "b"] { try folder.write("- {name: \(name), sockets: [both]}\n", to: "merged/\(name).yml") }
        let other = try Daemon(
            [
                "--no-tcp", "--control-socket", tor.path, "--merged", folder.file("merged"), "--admin-socket",
                folder.file("admin2"), "--listen-socket", "both=\(folder.file("both"))",
            ], in: folder)
        func say(_ arguments: String...) throws -> (status: Int32, output: String) {
            let process = try ChildProcess(
                Daemon.program, arguments + ["--socket", folder.file("admin2")], output: folder.file(UUID().uuidString))
            return (try process.waitForExit(), process.output)
        }
        let client = try ControlClient(path: folder.file("both"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        let half = try say("complain", "a", "--for", "1h")
        #expect(half.status == 0 && half.output.contains("clients of 'a+b' are enforced all the same"), "\(half)")
        #expect(try client.ask("SIGNAL DORMANT") == ["510 Command filtered"])
        let whole = try say("complain", "a+b", "--for", "1h")
        #expect(whole.status == 0 && !whole.output.contains("all the same"), "\(whole)")
        #expect(try client.ask("SIGNAL DORMANT") == ["250 OK"])
        #expect(try say("enforce", "a+b").status == 0)
        #expect(try client.ask("SIGNAL DORMANT") == ["510 Command filtered"])
        #expect(try say("complain", "a+c", "--for", "1h").status == 1)
        #expect(other.log.contains("by an administrator's order"))
    }

    /// For as long as was said and no longer, for open sessions too; what is never forwarded stays so.
    @Test func complainsForAWhile() throws {
        let client = try client()
        #expect(try client.ask("SIGNAL DORMANT") == ["510 Command filtered"])
        let begun = try ask("complain", "app", "--for", "1h")
        #expect(begun.status == 0 && begun.output.contains("3600 s"), "\(begun)")
        #expect(try client.ask("SIGNAL DORMANT") == ["250 OK"])
        #expect(try client.ask("ADD_ONION NEW:BEST Port=80,unix:\(tor.path)") == ["510 Command filtered"])
        let status = try ask("status").output
        #expect(status.contains("app (complain for "), "\(status)")
        #expect(try ask("sessions").output.contains("app (complain)"))
        #expect(try ask("denials").output.contains("SIGNAL DORMANT  (let through)"))
        #expect(try ask("metrics").output.contains("onion_grater_profiles_complaining 1\n"))
        #expect(try ask("reload").status == 0)
        #expect(try client.ask("SIGNAL DORMANT") == ["250 OK"], "a reload keeps it")
        #expect(try ask("enforce", "app").status == 0)
        #expect(try client.ask("SIGNAL DORMANT") == ["510 Command filtered"])
        #expect(try ask("enforce", "app").output.contains("is not in complain mode"))

        #expect(try ask("complain", "app", "--for", "1s").status == 0)
        try wait(for: "the end of complain mode") {
            try client.ask("SIGNAL DORMANT") == ["510 Command filtered"] ? () : nil
        }
        #expect(try !ask("status").output.contains("(complain"))
        #expect(daemon.log.contains("the time of its complain mode is over"))

        #expect(try ask("complain", "ap", "--for", "1s").output.contains("did you mean 'app'"))
        for time in ["25h", "0s", "-1s", "forever"] { #expect(try ask("complain", "app", "--for", time).status != 0) }
        #expect(try ask("complain", "app").status != 0, "without a time it would be for ever")
    }

    /// A profile that is gone takes its complain mode with it.
    @Test func complainModeEndsWithItsProfile() throws {
        #expect(try ask("complain", "app", "--for", "1h").status == 0)
        let file = "\(folder.path)/profiles.d/app.yml"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        try FileManager.default.removeItem(atPath: file)
        #expect(try ask("reload").status == 0)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try ask("reload").status == 0)
        #expect(try client().ask("SIGNAL DORMANT") == ["510 Command filtered"])
    }

    /// What is not so any more is not listed.
    @Test func listsOnlyRecentDenialsIfAsked() throws {
        let client = try client()
        _ = try client.ask("GETINFO address")
        Thread.sleep(forTimeInterval: 2.1)
        _ = try client.ask("GETINFO ns/all")
        let listed = try ask("denials", "--since", "1s").output
        #expect(listed.contains("GETINFO ns/all") && !listed.contains("GETINFO address"), "\(listed)")
    }

    /// An option that is taken is obeyed, or it is refused.
    @Test func optionsOfTheDaemonCountOrAreRefused() throws {
        let admin = folder.file("admin")
        for words in [["status", "--admin-socket", admin], ["--admin-socket", admin, "status"]] {
            let asked = try say(words[0], words[1], words[2])
            #expect(asked.status == 0 && asked.output.contains(folder.file("app")), "\(asked)")
        }
        let elsewhere = try say("status", "--admin-socket", folder.file("nowhere"))
        #expect(elsewhere.status == 1 && elsewhere.output.contains(folder.file("nowhere")), "\(elsewhere)")
        #expect(try say("status", "--admin-socket", "none").output.contains("there is nobody to ask"))
        for words in [
            ["status", "--profiles", "/x"], ["--debug", "sessions", "--json"], ["reload", "--control-port", "1"],
        ] {
            let refused = try say(words[0], words[1], words[2])
            #expect(refused.status != 0 && refused.output.contains("is an option of the daemon"), "\(refused)")
        }
    }

    /// What another program is started with is its own, even if the daemon has options of these names.
    @Test func optionsBehindTwoHyphensAreForAnotherProgram() throws {
        let process = try ChildProcess(
            Daemon.program, ["exec", "no-such-profile", "--", "true", "--debug", "--admin-socket", "none"],
            output: folder.file("exec.out"))
        #expect(try process.waitForExit() == 1)
        #expect(process.output.contains("there is no profile 'no-such-profile'"), "\(process.output)")
    }

    @Test func mistypedSubcommandsAndProfilesAreRecognised() throws {
        let mistyped = try say("statsu")
        #expect(mistyped.status != 0 && mistyped.output.contains("did you mean 'status'?"), "\(mistyped)")
        #expect(try say("bogus-word").output.contains("known: status, top, sessions"))
        let watch = try ask("watch", "--profile", "apq")
        #expect(
            watch.status == 1 && watch.output.contains("there is no profile 'apq' (did you mean 'app'?)"), "\(watch)")
    }

    @Test func refusedClientsAreShown() throws {
        let folder = try TemporaryFolder()
        let admin = folder.file("admin")
        let daemon = try Stage.daemon(
            in: folder, profiles: ["x": "- {name: x, sockets: [elsewhere]}"],
            upstream: ["--control-socket", tor.path], arguments: ["--admin-socket", admin])
        let watch = try ChildProcess(
            Daemon.program, ["watch", "--admin-socket", admin], output: folder.file("watch.out"))
        try wait(for: "a refusal to be shown: \(watch.output)") {
            let client = try ControlClient(path: folder.file("app"))
            #expect(try client.ask("GETINFO version") == ["551 onion-grater: no profile matches this client"])
            return watch.output.contains("refused") ? () : nil
        }
        #expect(watch.output.contains("pid \(getpid()), user"), "\(watch.output)")
        #expect(watch.output.contains("the nearest is 'x'"), "\(watch.output)")
        let status = try say("status", "--admin-socket", admin)
        #expect(status.output.contains("Refused clients:"), "\(status)")
        #expect(status.output.contains("pid \(getpid()), user"), "\(status)")
        withExtendedLifetime(daemon) {}
    }

    @Test func tellsOfTorProfilesAndSessions() throws {
        #expect(try ask("status").output.contains("tor: not asked yet"))
        let client = try client()
        #expect(try client.ask("SIGNAL NEWNYM") == ["250 OK"])
        #expect(try client.ask("SIGNAL HUP") == ["250 OK"])
        #expect(try client.ask("GETINFO address") == ["510 Command filtered"])

        let (status, output) = try ask("status")
        #expect(status == 0)
        #expect(output.contains("tor: reached, version unknown"))
        #expect(output.contains("listening on \(folder.file("app"))"))
        #expect(output.contains("/profiles.d/app.yml:1:3"))

        let answer = try object(try ask("sessions", "--json").output)
        #expect(answer["version"] as? Int == 1)
        let sessions = try #require(answer["sessions"] as? [[String: Any]])
        let session = try #require(sessions.first)
        #expect(sessions.count == 1)
        #expect(session["profile"] as? String == "app")
        #expect(session["socket"] as? String == "app")
        #expect(session["pid"] as? Int == Int(getpid()))
        #expect(session["uid"] as? Int == Int(getuid()))
        let traffic = try #require(session["traffic"] as? [String: Int])
        #expect(traffic["allowed"] == 1)
        #expect(traffic["rewritten"] == 1)
        #expect(traffic["answered"] == 1)
        #expect(traffic["denied"] == 1)
        #expect(
            traffic["bytes-from-client"]
                == "AUTHENTICATE\r\nSIGNAL NEWNYM\r\nSIGNAL HUP\r\nGETINFO address\r\n".utf8.count)
        #expect(traffic["bytes-to-client"] == "250 OK\r\n250 OK\r\n250 OK\r\n510 Command filtered\r\n".utf8.count)

        let metrics = try ask("metrics").output.split(separator: "\n")
        #expect(metrics.contains("onion_grater_sessions 1"))
        #expect(metrics.contains("onion_grater_tor_up 1"))
        #expect(metrics.contains(#"onion_grater_commands_total{profile="app",verdict="denied"} 1"#))
    }

    @Test func endsASession() throws {
        let client = try client()
        #expect(try ask("kick", "1").output == "session 1 is ended\n")
        #expect(try client.isAtEnd())
        try daemon.waitForLog("session ended by an administrator: 1")
        _ = try wait(for: "the session to be gone") { try ask("kick", "1").status == 1 ? () : nil }
        #expect(try ask("sessions").output == "There are no sessions.\n")
        #expect(try self.client().ask("SIGNAL NEWNYM") == ["250 OK"])
    }

    /// Alert rules, the dashboard and the guide speak of metrics that exist.
    @Test(arguments: ["docs/monitoring/alerts.yml", "docs/monitoring/dashboard.json", "docs/admin.md"])
    func pagesNameMetricsThatExist(page: String) throws {
        _ = try client()
        let metrics = try ask("metrics").output
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
        // Whether tor is there is told once it was tried.
        let names = Set(text.matches(of: /onion_grater_[a-z_]+/).map { String($0.output) }).subtracting([
            "onion_grater_tor_up"
        ])
        #expect(names.count >= 5)
        for name in names { #expect(metrics.contains("# TYPE \(name) "), "\(name)") }
    }

    @Test func readsProfilesAnewBeforeItAnswers() throws {
        let client = try client()
        #expect(try client.ask("SIGNAL DUMP") == ["510 Command filtered"])
        try folder.write(Self.profile.replacingOccurrences(of: "HUP", with: "DUMP"), to: "profiles.d/app.yml")
        #expect(try ask("reload").output == "profiles loaded: 2\n")
        #expect(try client.ask("SIGNAL DUMP") == ["250 OK"])

        try folder.write("- {name: broken", to: "profiles.d/broken.yml")
        let (status, output) = try ask("reload")
        #expect(status == 1)
        #expect(output.contains("profiles.d/broken.yml:"))
        #expect(output.contains("nothing changed"))
        #expect(try ask("status").output.contains("profiles.d/broken.yml:"))
        #expect(try client.ask("SIGNAL DUMP") == ["250 OK"])
    }

    @Test func signalsWhereThereIsNoSocketToAsk() throws {
        let pid = "\(daemon.process.id)"
        try folder.write("- {name: broken", to: "profiles.d/broken.yml")
        // Nobody is signalled where the socket can be asked: it says that the profile is broken.
        #expect(try ask("reload", "--or-signal", pid).status == 1)
        try FileManager.default.removeItem(atPath: folder.file("profiles.d/broken.yml"))

        let elsewhere = try ChildProcess(
            Daemon.program, ["reload", "--socket", folder.file("none"), "--or-signal", pid],
            output: folder.file("elsewhere.out"))
        #expect(try elsewhere.waitForExit() == 0)
        #expect(elsewhere.output.contains("cannot connect to \(folder.file("none"))"))
        #expect(elsewhere.output.contains("process \(pid) was sent SIGHUP"))
        try daemon.waitForLog("profiles reloaded")
        // A group of processes is never signalled.
        for number in ["0", "1", "-1"] { #expect(try ask("reload", "--or-signal=\(number)").status == 64) }
    }

    @Test func showsDecisionsAsTheyAreMade() throws {
        let all = try start(["watch"])
        let denied = try start(["watch", "--profile", "app", "--denied"])
        let other = try start(["watch", "--profile", "other", "--json"])
        let client = try client()
        _ = try wait(for: "everyone to watch") {
            _ = try client.ask("SIGNAL HUP")
            _ = try client.ask("GETINFO address")
            let isSeen = denied.output.contains("GETINFO address") && all.output.contains("GETINFO address")
            return isSeen && all.output.contains("SIGNAL HUP -> SIGNAL NEWNYM") ? () : nil
        }
        #expect(all.output.contains(" rewritten app #1  "))
        #expect(all.output.contains(" denied    app #1  GETINFO address"))
        #expect(!denied.output.contains("SIGNAL"))
        #expect(!all.output.contains("\u{1B}"))
        #expect(other.output == "")

        try daemon.process.stop()
        #expect(try all.waitForExit() == 1)
        #expect(all.output.contains("the daemon has ended"))
    }

    @Test func losesNothingToAWatcherWhoDoesNotRead() throws {
        let watcher = try StreamSocket.connect(path: folder.file("admin"))
        try watcher.send(Array((#"{"version":1,"request":"watch"}"# + "\n").utf8))
        let lines = ControlClient(watcher)
        #expect(try lines.line() == #"{"version":1,"watching":true}"#)
        let client = try client()
        let before = try daemon.process.ownBytes
        let command = "GETINFO " + String(repeating: "x", count: 400)
        for _ in 0..<200 {
            try client.send([String](repeating: command, count: 100).joined(separator: "\r\n"))
            for _ in 0..<100 { #expect(try client.reply() == ["510 Command filtered"]) }
        }
        #expect(try daemon.process.ownBytes - before < 16 << 20)

        var (seen, dropped) = (0, 0)
        while dropped == 0 {
            let line = try object(try lines.line())
            if line["decision"] != nil { seen += 1 }
            dropped = line["dropped"] as? Int ?? 0
        }
        #expect(seen > 0)
        #expect(seen + dropped <= 20_001)
    }

    @Test(arguments: [
        ("nonsense", "not JSON"), (#"{"version":9,"request":"status"}"#, "version"),
        (#"{"version":1,"request":"halt"}"#, "there is no request"),
        (#"{"version":1,"request":"kick","session":99}"#, "there is no session 99"),
    ])
    func answersWhatItDoesNotUnderstand(_ request: String, _ error: String) throws {
        let socket = try StreamSocket.connect(path: folder.file("admin"))
        let lines = ControlClient(socket)
        for _ in 0..<2 {
            try socket.send(Array("\(request)\n".utf8))
            let answer = try object(try lines.line())
            #expect((answer["error"] as? String)?.contains(error) == true)
        }
    }

    @Test func boundsARequest() throws {
        let socket = try StreamSocket.connect(path: folder.file("admin"))
        try? socket.send([UInt8](repeating: 0x20, count: 100_000))
        #expect(try ControlClient(socket).line().contains("longer than"))
        #expect(try ask("sessions").status == 0)
    }

    @Test(.needs(.root, .setpriv))
    func answersNobodyElse() throws {
        let process = try ChildProcess(
            "/usr/bin/setpriv",
            [
                "--reuid=12345", "--regid=12345", "--clear-groups", Daemon.program, "status", "--socket",
                folder.file("admin"),
            ],
            output: folder.file("stranger.out"))
        #expect(try process.waitForExit() == 1)
        #expect(process.output.contains("only root and members of the socket's group may ask"))
        try daemon.waitForLog("refused on the admin socket: user 12345")

        let member = try ChildProcess(
            "/usr/bin/setpriv",
            [
                "--reuid=12345", "--regid=12345", "--groups=23456,\(getegid())", Daemon.program, "sessions", "--socket",
                folder.file("admin"),
            ], output: folder.file("member.out"))
        #expect(try member.waitForExit() == 0)
        #expect(member.output == "There are no sessions.\n")
    }

    @Test func saysThatNobodyIsThere() throws {
        let process = try ChildProcess(
            Daemon.program, ["status", "--socket", folder.file("nowhere")], output: folder.file("nobody.out"))
        #expect(try process.waitForExit() == 1)
        #expect(process.output.contains("is onion-grater running"))
    }
}
