import Foundation
import TestSupport
import Testing

/// Many clients at once, and clients that take what others need: nobody else is harmed.
///
/// One after the other, for each of them takes a good part of the machine.
@Suite(.serialized) struct LoadTests {
    static let profile = "- {name: app, sockets: ['app'], commands: {SIGNAL: ['NEWNYM']}, events: {BW: }}"
    static let filtered = ["510 Command filtered"]

    let folder: TemporaryFolder
    let tor: EventFlood

    init() throws {
        folder = try TemporaryFolder()
        // Another user's client must reach the socket.
        guard chmod(folder.path, 0o711) == 0 else { throw SystemError(doing: "chmod") }
        tor = try EventFlood(in: folder, total: 1 << 30)
    }

    private func daemon(_ arguments: String..., by wrapper: [String] = []) throws -> Daemon {
        try Stage.daemon(
            in: folder, profiles: ["app": Self.profile], upstream: ["--control-socket", tor.path],
            arguments: arguments, by: wrapper)
    }

    /// A client past authentication.
    private func client() throws -> ControlClient {
        let client = try ControlClient(path: folder.file("app"))
        guard try client.ask("AUTHENTICATE") == ["250 OK"] else { throw ConnectionClosed() }
        return client
    }

    @Test func restsAtTheLimitOfDescriptorsAndGoesOn() throws {
        try raiseDescriptorLimit()
        let daemon = try self.daemon("--max-sessions-per-user", "1000", by: Daemon.descriptorLimit(256))
        let first = try client()
        #expect(try first.ask("SIGNAL NEWNYM") == ["250 OK"])

        var crowd = [StreamSocket]()
        for _ in 0..<400 {
            let socket = try StreamSocket.connect(path: folder.file("app"))
            // Who is refused at once reads why, below.
            try? socket.send(Array("AUTHENTICATE\r\n".utf8))
            crowd.append(socket)
            if crowd.count % 50 == 0 { #expect(try first.ask("GETINFO address") == Self.filtered) }
        }
        try daemon.waitForLog("no more clients are accepted for now", "as many sessions as there may be")
        let (count, kinds) = (try daemon.process.descriptorCount, try daemon.process.descriptorKinds)
        #expect(count < 256, "\(kinds)\n\(daemon.log.suffix(3000))")

        // What was begun shall be over; and then resting takes no time.
        _ = try wait(for: "the daemon to rest") {
            let before = try daemon.process.processorSeconds
            usleep(500_000)
            return try daemon.process.processorSeconds - before < 0.1 ? () : nil
        }
        let before = try daemon.process.processorSeconds
        for _ in 0..<20 {
            #expect(try first.ask("SIGNAL NEWNYM") == ["250 OK"])
            usleep(100_000)
        }
        #expect(try daemon.process.processorSeconds - before < 0.5)

        // Who waits is served, in turn, as others go.
        var others = [[String]]()
        while !crowd.isEmpty {
            let client = ControlClient(crowd.removeFirst())
            // Who is refused cannot send any more.
            var replies = [try client.reply()]
            if replies == [["250 OK"]] { replies.append(try client.ask("GETINFO address")) }
            if replies != [["250 OK"], Self.filtered] { others += replies }
            client.close()
        }
        #expect(others.isEmpty, "\(others.count) of 400: \(others.prefix(4))\n\(daemon.log.suffix(3000))")
        #expect(try client().ask("GETINFO address") == Self.filtered)
        #expect(try first.ask("SIGNAL NEWNYM") == ["250 OK"])
    }

    /// Even below what it has open already: nothing of what it rests on may take that for the end.
    @Test func outlivesALimitOfDescriptorsThatIsLowered() throws {
        let daemon = try self.daemon("--admin-socket", folder.file("admin"))
        let seen = try Stem.run("lowered_limit.py", folder.file("app"), "\(daemon.process.id)")
        #expect(seen.lines == ["lost: 0"] && seen.status == 0, "\(seen)")
        #expect(daemon.process.exitStatus == nil)
        #expect(try client().ask("GETINFO address") == Self.filtered)
        // Dispatch watches the threads of the queues that all share, and only these. It does not always get to it, so
        // ask what threads there are. An older Dispatch, as with Swift 6.0, leaves them the program's name.
        let folder = "/proc/\(daemon.process.id)/task"
        let threads = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
            try? String(contentsOfFile: "\(folder)/\($0)/comm", encoding: .utf8).trimmingCharacters(in: .newlines)
        }
        let named = threads.filter { $0 != "onion-grater" }
        #expect(named.isEmpty || named.contains { $0.hasSuffix("-qos.overcommit") }, "\(threads)")
        #expect(!threads.contains { $0.hasSuffix("-qos") }, "\(threads)")
    }

    @Test func answersAThousandWhoComeAtOnceAndSeesThemGo() throws {
        try raiseDescriptorLimit()
        let daemon = try self.daemon("--admin-socket", folder.file("admin"))
        let other = try client()
        #expect(try other.ask("SIGNAL NEWNYM") == ["250 OK"])
        let descriptors = try daemon.process.descriptorCount

        var crowd = [StreamSocket]()
        for _ in 0..<1000 { crowd.append(try StreamSocket.connect(path: folder.file("app"))) }
        var answered = 0
        for command in ["AUTHENTICATE", "SIGNAL NEWNYM"] {
            for socket in crowd { try socket.send(Array("\(command)\r\n".utf8)) }
            for socket in crowd where try ControlClient(socket).reply() == ["250 OK"] { answered += 1 }
        }
        #expect(answered == 2000)
        #expect(!daemon.log.contains("refused"))

        for socket in crowd { socket.shutdown() }
        crowd = []
        for _ in 0..<50 { #expect(try other.ask("SIGNAL NEWNYM") == ["250 OK"]) }
        // A few may have been opened only after they were counted: those for signals, say.
        _ = try wait(for: "the sessions to end: \(descriptors) descriptors, \(try daemon.process.descriptorCount) now")
        {
            try daemon.process.descriptorCount < descriptors + 10 ? () : nil
        }
        let sessions = try ChildProcess(
            Daemon.program, ["metrics", "--socket", folder.file("admin")], output: folder.file("metrics"))
        #expect(try sessions.waitForExit() == 0)
        #expect(sessions.output.contains("onion_grater_sessions 1\n"))
        #expect(try client().ask("SIGNAL NEWNYM") == ["250 OK"])
    }

    @Test func holdsNoneOfWhatAClientDoesNotRead() throws {
        let daemon = try self.daemon("--stall-timeout", "3")
        let other = try client()
        #expect(try other.ask("SIGNAL NEWNYM") == ["250 OK"])
        let before = try daemon.process.ownBytes

        let reader = try client()
        #expect(try reader.ask("SETEVENTS BW") == ["250 OK"])
        var most = before
        _ = try wait(for: "the session to be closed") {
            #expect(try other.ask("SIGNAL NEWNYM") == ["250 OK"])
            most = max(most, try daemon.process.ownBytes)
            return daemon.log.contains("closed: the client does not read") ? () : nil
        }
        #expect(most - before < 32 << 20)
        #expect(tor.sentCount < 16 << 20)
        #expect(try daemon.waitForLog("closed: the client does not read").contains("profile=app"))

        // What had come before can still be read, and then comes the end: nothing is missing in between.
        var count = 0
        while let event = try? reader.event() {
            #expect(event[0].hasPrefix("650 BW 1 2222"))
            count += 1
        }
        #expect(count > 0)
        #expect(try other.ask("SIGNAL NEWNYM") == ["250 OK"])
    }

    @Test func boundsWhatAllSessionsOfAUserKeep() throws {
        let daemon = try self.daemon("--max-queued-per-user", "1000000")
        let other = try client()
        #expect(try other.ask("GETINFO address") == Self.filtered)
        let text = String(repeating: "x", count: 49_998)
        let crowd = try (0..<30).map { _ in
            let client = try client()
            try client.send("+POSTDESCRIPTOR", text, text)
            return client
        }
        _ = try wait(for: "all but ten to be closed") {
            let record = "closed: more waits in the sessions of this user than may of one"
            return daemon.log.split(separator: "\n").count { $0.contains(record) } >= 20 ? () : nil
        }
        var answered = 0
        for client in crowd {
            guard (try? client.send(".")) != nil, (try? client.reply()) == Self.filtered else { continue }
            answered += 1
        }
        #expect(answered > 0 && answered <= 10)
        #expect(try other.ask("GETINFO address") == Self.filtered)
    }

    @Test(.needs(.root, .setpriv))
    func harmsNobodyElseWithWhatOneUserTakes() throws {
        let daemon = try self.daemon("--max-sessions-per-user", "5")
        let mine = try (0..<5).map { _ in try client() }
        let refusal = "551 onion-grater: too many sessions at once: one user, or one machine, may have 5"
        for _ in 0..<100 { #expect(try ControlClient(path: folder.file("app")).reply() == [refusal]) }
        let record = try daemon.waitForLog("refused: user 0", "too many sessions at once")
        #expect(record.contains("may have 5"))
        // Fifty at once, and then a few each second.
        #expect(daemon.log.split(separator: "\n").filter { $0.contains("refused: user 0") }.count < 90)

        let script = """
            import socket
            s = socket.socket(socket.AF_UNIX)
            s.connect('\(folder.file("app"))')
            for command in b'AUTHENTICATE', b'GETINFO address':
                s.sendall(command + b'\\r\\n')
                print(s.recv(1000))
            """
        let other = try ChildProcess(
            "/usr/bin/setpriv",
            ["--reuid=12345", "--regid=12345", "--clear-groups", "/usr/bin/python3", "-c", script],
            output: folder.file("other.log"))
        #expect(try other.waitForExit() == 0)
        #expect(other.output.contains("510 Command filtered"), "\(daemon.log)")

        #expect(try mine[0].ask("QUIT") == ["250 closing connection"])
        _ = try wait(for: "room for another session") { try? client() }
        #expect(try mine[1].ask("GETINFO address") == Self.filtered)
    }

    /// The crowds that these tests make need more descriptors than a shell gives.
    func raiseDescriptorLimit() throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, 8192)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
