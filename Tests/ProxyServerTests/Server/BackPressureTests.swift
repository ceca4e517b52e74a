import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ProxyServer

/// Who does not read must not make the server hold what it is sent.
@Suite struct BackPressureTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func slowsTorDownForAClientThatDoesNotRead() throws {
        let sent = Mutex(0)
        let line = "650 BW 1 " + String(repeating: "2", count: 1000) + "\r\n"
        let chunk = Array(String(repeating: line, count: 64).utf8)
        let total = 64 * chunk.count * 16
        let tor = try FakeTor(at: .unix(path: folder.file("tor"))) { client in
            try FakeTor.authenticate(client)
            _ = try client.receiveLine()
            try client.send("250 OK\r\n")
            for _ in 0..<total / chunk.count {
                try client.send(chunk)
                sent.withLock { $0 += chunk.count }
            }
        }
        let running = try RunningServer(in: folder)
        let client = try running.open()
        #expect(try client.ask("SETEVENTS BW") == "250 OK\r\n")

        var last = -1
        try wait(for: "tor to be held up") {
            usleep(100_000)
            defer { last = sent.withLock { $0 } }
            return last == sent.withLock { $0 } && last > 0
        }
        #expect(last < 4 << 20)

        #expect(try running.open().ask("GETINFO address") == "510 Command filtered\r\n")
        let received = try client.receiveExactly(total)
        #expect(received == String(repeating: line, count: total / line.utf8.count))
        withExtendedLifetime(tor) {}
    }

    @Test func readsNoMoreOfAClientThatDoesNotReadItsDenials() throws {
        let running = try RunningServer(in: folder)
        let client = try running.open()
        let commands = Array(String(repeating: "X " + String(repeating: "y", count: 96) + "\r\n", count: 500).utf8)
        let sent = Mutex(0)
        Thread.detachNewThread {
            for _ in 0..<100 {
                guard (try? client.send(commands)) != nil else { return }
                sent.withLock { $0 += commands.count }
            }
            client.finishSending()
        }
        var last = -1
        try wait(for: "the client to be held up") {
            usleep(200_000)
            defer { last = sent.withLock { $0 } }
            return last == sent.withLock { $0 } && last > 0
        }
        #expect(last < commands.count * 100)
        let reply = "510 Command filtered\r\n"
        #expect(try client.receiveToEnd() == String(repeating: reply, count: 100 * 500))
    }
}
