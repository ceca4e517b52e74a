import Foundation
import ServiceInterface
import Synchronization
import TestSupport
import Testing

@testable import ProxyServer

/// A tor that hangs, or goes away and comes back: the client learns what happened, and nothing is said twice.
@Suite struct SilentTorTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var tor: SocketAddress { .unix(path: folder.file("tor")) }

    @Test func tellsWhoWaitsForATorThatSaysNothing() throws {
        let heard = Mutex<[String]>([])
        let tor = try FakeTor(at: tor) { client in
            try FakeTor.authenticate(client)
            while case let line = try client.receiveLine(), !line.isEmpty { heard.withLock { $0.append(line) } }
        }
        let running = try RunningServer(in: folder) { $0.limits.reply = .milliseconds(100) }
        let client = try running.open()
        try client.send("SIGNAL NEWNYM\r\nGETINFO address\r\nGETINFO version\r\n")
        #expect(
            try client.receiveToEnd()
                == "551 tor does not answer\r\n510 Command filtered\r\n551 tor does not answer\r\n")
        #expect(running.log.lines.contains { $0.contains("tor did not reply") })
        try wait(for: "tor to have heard it") {
            heard.withLock { $0 } == ["SIGNAL NEWNYM\r\n", "GETINFO version\r\n"]
        }
        try wait(for: "the session to end") { running.server.sessionCount == 0 }
        withExtendedLifetime(tor) {}
    }

    @Test func closesInTheMiddleOfAReply() throws {
        let tor = try FakeTor(at: tor) { client in
            try FakeTor.authenticate(client)
            _ = try client.receiveLine()
            try client.send("250-version=0.4")
            try client.send(".9.11\r\n")
            _ = try client.receiveToEnd()
        }
        let running = try RunningServer(in: folder) { $0.limits.reply = .seconds(2) }
        let client = try running.open()
        try client.send("GETINFO version\r\nGETINFO version\r\n")
        #expect(try client.receiveToEnd() == "250-version=0.4.9.11\r\n")
        withExtendedLifetime(tor) {}
    }

    @Test(arguments: [
        "\0\0\0\0\r\n", "SSH-2.0-OpenSSH\r\n", "250 OK\r\n250 OK\r\n", "250-address=192.0.2.1\r\n", "999 OK\r\n",
        "650 OK\r\n250",
        "250+version=\r\n250 OK\r\n", "\u{FF}\u{FE}\n",
    ])
    func endsWithATorThatSpeaksGarbage(garbage: String) throws {
        let tor = try FakeTor(at: tor) { client in
            try FakeTor.authenticate(client)
            _ = try client.receiveLine()
            try client.send(garbage)
        }
        let running = try RunningServer(in: folder)
        let client = try running.open()
        try client.send("GETINFO version\r\nSIGNAL NEWNYM\r\n")
        // Nothing of it is taken for the reply to another command.
        let received = try client.receiveToEnd()
        #expect(!received.contains("192.0.2.1") && !received.contains("OK\r\n250 OK"), "\(received)")
        #expect(try running.open().ask("GETINFO address") == "510 Command filtered\r\n")
        withExtendedLifetime(tor) {}
    }

    @Test func aClientThatReadsSlowlyIsNoHangingTor() throws {
        let data = String(repeating: String(repeating: "x", count: 1000) + "\r\n", count: 4000)
        let tor = try FakeTor(at: tor) { client in
            try FakeTor.authenticate(client)
            _ = try client.receiveLine()
            try client.send("250+big=\r\n\(data).\r\n250 OK\r\n")
            _ = try client.receiveToEnd()
        }
        let running = try RunningServer(in: folder) { $0.limits.reply = .seconds(2) }
        let client = try running.open()
        try client.send("GETINFO big\r\n")
        usleep(3_000_000)
        let reply = try client.receiveExactly(10 + data.utf8.count + 11)
        #expect(reply.hasSuffix("x\r\n.\r\n250 OK\r\n"))
        withExtendedLifetime(tor) {}
    }

    @Test func silenceIsNoFaultWhereNothingIsOwed() throws {
        let tor = try FakeTor(at: tor)
        let running = try RunningServer(in: folder) { $0.limits.reply = .seconds(2) }
        let client = try running.open()
        #expect(try client.ask("SIGNAL NEWNYM") == "250 OK\r\n")
        usleep(3_000_000)
        #expect(try client.ask("SIGNAL NEWNYM") == "250 OK\r\n")
        withExtendedLifetime(tor) {}
    }

    @Test func seeksTorForWhoWaitsForEvents() throws {
        let heard = Mutex<[String]>([])
        let script: @Sendable (TestSocket) throws -> Void = { client in
            try FakeTor.authenticate(client)
            while case let line = try client.receiveLine(), line.hasSuffix("\r\n") {
                heard.withLock { $0.append(line) }
                try client.send("250 OK\r\n")
                if line.hasPrefix("SETEVENTS") { try client.send("650 BW 1 2\r\n") }
                // Goes once it has been told so.
                if line == "SIGNAL NEWNYM\r\n" { return }
            }
        }
        let tor = try FakeTor(at: tor, script: script)
        let running = try RunningServer(in: folder) { $0.limits.reconnection = .milliseconds(50) }
        let client = try running.open()
        #expect(try client.ask("SETEVENTS BW") == "250 OK\r\n")
        #expect(try client.receiveLine() == "650 BW 1 2\r\n")
        tor.stop()
        #expect(try client.ask("SIGNAL NEWNYM") == "250 OK\r\n")
        try wait(for: "tor to be missed") { running.log.lines.contains { $0.contains("tor cannot be reached") } }
        // Who asks for something meanwhile is told at once, and stays.
        #expect(try client.ask("SIGNAL NEWNYM") == "551 onion-grater cannot reach tor\r\n")
        #expect(try client.ask("GETINFO address") == "510 Command filtered\r\n")
        let newTor = try FakeTor(at: self.tor, script: script)
        #expect(try client.receiveLine() == "650 BW 1 2\r\n")
        #expect(try client.ask("SETEVENTS") == "250 OK\r\n")
        let expected = ["SETEVENTS BW", "SIGNAL NEWNYM", "SETEVENTS BW", "SETEVENTS"].map { "\($0)\r\n" }
        #expect(heard.withLock { $0 } == expected)
        withExtendedLifetime((tor, newTor)) {}
    }

    @Test func givesUpInTheEnd() throws {
        let tor = try FakeTor(at: tor)
        let running = try RunningServer(in: folder) {
            $0.limits.reconnection = .milliseconds(20)
            $0.limits.absence = .milliseconds(200)
        }
        let client = try running.open()
        #expect(try client.ask("SETEVENTS BW") == "250 OK\r\n")
        tor.stop()
        // A fake tor's connections go on: this one is ended by the server.
        #expect(try client.ask("QUIT") == "250 closing connection\r\n")
        let hangs = try FakeTor(at: self.tor) { client in
            try FakeTor.authenticate(client)
            _ = try client.receiveLine()
            try client.send("250 OK\r\n")
        }
        let waits = try running.open()
        #expect(try waits.ask("SETEVENTS BW") == "250 OK\r\n")
        hangs.stop()
        #expect(try waits.receiveToEnd() == "")
        #expect(running.log.lines.contains { $0.contains("closed: the connection to tor is gone") })
        withExtendedLifetime((tor, hangs)) {}
    }

    @Test func doesNotWaitForEverForAuthenticate() throws {
        let tor = try FakeTor(at: tor)
        let running = try RunningServer(in: folder) { $0.limits.authentication = .seconds(2) }
        let client = try running.open()
        let silent = try running.connect()
        #expect(try silent.receiveToEnd() == "")
        try wait(for: "the log") { running.log.lines.contains { $0.contains("has not authenticated in time") } }
        // Who came before and has said it may stay.
        #expect(try client.ask("SIGNAL NEWNYM") == "250 OK\r\n")
        withExtendedLifetime(tor) {}
    }
}
