import Foundation
import Testing

@testable import ProxyServer

/// What one client sees, with a tor that behaves.
@Suite struct SessionTests {
    let running: RunningServer

    init() throws {
        running = try .withTor()
    }

    @Test func letsThroughDeniesAndSaysGoodbye() throws {
        let client = try running.open()
        try client.send("PROTOCOLINFO 1\r\nGETINFO version\r\nGETINFO address\r\nQUIT\r\n")
        #expect(
            try client.receiveToEnd() == """
                250-PROTOCOLINFO 1\r
                250-AUTH METHODS=NULL\r
                250-VERSION Tor="0.4.9.11"\r
                250 OK\r
                250-version=here\r
                250 OK\r
                510 Command filtered\r
                250 closing connection\r

                """)
        try wait(for: "the session to end") { running.server.sessionCount == 0 }
        let denial = running.log.lines.first { $0.contains("denied") }
        #expect(denial?.contains("denied: GETINFO address: ") == true)
        #expect(denial?.contains("profile=tester") == true)
        #expect(denial?.contains("pid=\(getpid())") == true)
    }

    @Test func answersWhoeverStopsSending() throws {
        let client = try running.open()
        try client.send("GETINFO version\r\n")
        client.finishSending()
        #expect(try client.receiveToEnd() == "250-version=here\r\n250 OK\r\n")
    }

    @Test func keepsTheOrderOfManyCommands() throws {
        let client = try running.open()
        let count = 20_000
        Thread.detachNewThread {
            for _ in 0..<count / 100 {
                try? client.send(String(repeating: "GETINFO version\r\nGETINFO address\r\n", count: 50))
            }
        }
        let pair = "250-version=here\r\n250 OK\r\n510 Command filtered\r\n"
        let all = try client.receiveExactly(pair.utf8.count * count / 2)
        #expect(all == String(repeating: pair, count: count / 2))
    }

    @Test func closesOnHTTP() throws {
        let client = try running.connect()
        try client.send("POST / HTTP/1.1\r\nHost: x\r\n\r\nGETINFO version\r\n")
        #expect(try !client.receiveToEnd().contains("version"))
    }

    @Test func tellsWhoSendsTooLongALine() throws {
        let client = try running.open()
        Thread.detachNewThread { try? client.send([UInt8](repeating: 0x41, count: 1 << 20)) }
        #expect(try client.receiveToEnd() == "500 Line too long\r\n")
    }

    @Test func servesManyAtOnce() throws {
        let clients = try (0..<200).map { _ in try running.connect() }
        for client in clients { try client.send("AUTHENTICATE\r\n") }
        for client in clients { #expect(try client.receiveLine() == "250 OK\r\n") }
        for client in clients { try client.send("GETINFO version\r\n") }
        for client in clients { #expect(try client.receiveExactly(26) == "250-version=here\r\n250 OK\r\n") }
    }

    @Test func bearsAHundredLeavingAtOnce() throws {
        let stays = try running.open()
        #expect(try stays.ask("SIGNAL NEWNYM") == "250 OK\r\n")
        do {
            let leaving = try (0..<100).map { _ in try running.open() }
            for client in leaving { #expect(try client.ask("SIGNAL NEWNYM") == "250 OK\r\n") }
        }
        #expect(try stays.ask("SIGNAL NEWNYM") == "250 OK\r\n")
        try wait(for: "the sessions to end") { running.server.sessionCount == 1 }
    }
}
