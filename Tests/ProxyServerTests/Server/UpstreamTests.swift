import Foundation
import ServiceInterface
import TestSupport
import Testing

@testable import ProxyServer

/// Tor absent, slow, ill-mannered or gone.
@Suite struct UpstreamTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var tor: SocketAddress { .unix(path: folder.file("tor")) }

    @Test func tellsTheClientThatTorIsAbsent() throws {
        let running = try RunningServer(in: folder)
        let client = try running.open()
        #expect(try client.ask("GETINFO version") == "551 onion-grater cannot reach tor\r\n")
        #expect(try client.ask("GETINFO address") == "510 Command filtered\r\n")
        let record = running.log.lines.first { $0.contains("tor cannot be reached") }
        #expect(record?.contains("\(folder.file("tor")): No such file or directory") == true)

        let tor = try FakeTor(at: tor)
        try wait(for: "tor to be found") { try client.ask("SIGNAL NEWNYM") == "250 OK\r\n" }
        #expect(running.log.lines.filter { $0.contains("tor cannot be reached") }.count == 1)
        #expect(running.log.lines.contains { $0.contains("tor can be reached again") })
        withExtendedLifetime(tor) {}
    }

    /// Right after another's failure, whoever comes anew gets a try of its own, and waits for it.
    @Test func newcomersFindATorThatIsBack() throws {
        let running = try RunningServer(in: folder)
        let early = try running.open()
        let late = try (0..<20).map { _ in try running.open() }
        for client in late {
            #expect(try early.ask("GETINFO version") == "551 onion-grater cannot reach tor\r\n")
            let tor = try FakeTor(at: tor)
            #expect(try client.ask("SIGNAL NEWNYM") == "250 OK\r\n")
            tor.stop()
            // The early one's next try is to fail again.
            try wait(for: "the moment to pass") { try early.ask("GETINFO version").hasPrefix("551") }
        }
    }

    @Test func saysThatAPortRefuses() throws {
        let closed = SocketAddress.loopback(port: 1)
        for _ in 0..<10 {
            let folder = try TemporaryFolder()
            let running = try RunningServer(in: folder, upstream: [closed])
            #expect(try running.open().ask("SIGNAL NEWNYM") == "551 onion-grater cannot reach tor\r\n")
            let record = running.log.lines.first { $0.contains("tor cannot be reached") }
            #expect(record?.contains("127.0.0.1:1: Connection refused") == true, "\(record ?? "")")
        }
    }

    @Test func triesTheNextAddress() throws {
        let tor = try FakeTor(at: tor)
        let closed = SocketAddress.loopback(port: 1)
        let running = try RunningServer(in: folder, upstream: [.unix(path: folder.file("no")), closed, tor.address])
        #expect(try running.open().ask("SIGNAL NEWNYM") == "250 OK\r\n")
    }

    @Test func givesUpOnATorThatSaysNothing() throws {
        let tor = try FakeTor(at: tor) { client in _ = try client.receiveToEnd() }
        let running = try RunningServer(in: folder) { $0.upstream.timeout = .milliseconds(100) }
        #expect(try running.open().ask("SIGNAL NEWNYM") == "551 onion-grater cannot reach tor\r\n")
        #expect(running.log.lines.contains { $0.contains("no answer in time") })
        withExtendedLifetime(tor) {}
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH\r\n", "", "250 OK\r\n", "514 Authentication required.\r\n", "\0\0\0\0\n", "250-",
        "250-AUTH METHODS=SAFECOOKIE COOKIEFILE=\"/nowhere\"\r\n250 OK\r\n",
    ])
    func survivesWhatIsNoTor(_ greeting: String) throws {
        let tor = try FakeTor(at: tor) { client in
            try client.send(greeting)
        }
        let running = try RunningServer(in: folder)
        #expect(try running.open().ask("SIGNAL NEWNYM") == "551 onion-grater cannot reach tor\r\n")
        withExtendedLifetime(tor) {}
    }

    @Test func closesTheClientWhenTorLeavesItsCommandUnanswered() throws {
        let tor = try FakeTor(at: tor) { client in
            try FakeTor.authenticate(client)
            _ = try client.receiveLine()
        }
        let running = try RunningServer(in: folder)
        let client = try running.open()
        try client.send("SIGNAL NEWNYM\r\n")
        #expect(try client.receiveToEnd() == "")
        #expect(throws: TestError.self) {
            for _ in 0..<100 {
                try client.send("GETINFO version\r\n")
                usleep(10_000)
            }
        }
        withExtendedLifetime(tor) {}
    }

    @Test func closesTheClientWhenTorAnswersWhatWasNotAsked() throws {
        let tor = try FakeTor(at: tor) { client in
            try FakeTor.authenticate(client)
            _ = try client.receiveLine()
            try client.send("250-address=1.2.3.4\r\n250 OK\r\n")
            _ = try client.receiveToEnd()
        }
        let running = try RunningServer(in: folder)
        let client = try running.open()
        try client.send("GETINFO version\r\n")
        #expect(try client.receiveToEnd() == "551 onion-grater does not understand tor\r\n")
        try wait(for: "the log") { running.log.lines.contains { $0.contains("error: closed: tor sent") } }
        withExtendedLifetime(tor) {}
    }

    @Test func keepsNoLineOfTorsThatNeverEnds() throws {
        let tor = try FakeTor(at: tor) { client in
            try FakeTor.authenticate(client)
            _ = try client.receiveLine()
            try client.send("250-version=")
            let megabyte = [UInt8](repeating: 0x78, count: 1 << 20)
            for _ in 0..<64 { try client.send(megabyte) }
            _ = try client.receiveToEnd()
        }
        let running = try RunningServer(in: folder)
        let client = try running.open()
        try client.send("GETINFO version\r\nGETINFO address\r\nGETINFO version\r\n")
        #expect(
            try client.receiveToEnd() == """
                551 onion-grater does not understand tor\r
                510 Command filtered\r
                551 onion-grater does not understand tor\r

                """)
        try wait(for: "the log") { running.log.lines.contains { $0.contains("tor sent a line over the bound") } }
        withExtendedLifetime(tor) {}
    }

    @Test func connectsAgainWhereNothingIsLost() throws {
        let tor = try FakeTor(at: tor) { client in
            try FakeTor.authenticate(client)
            _ = try client.receiveLine()
            try client.send("250 OK\r\n")
        }
        let running = try RunningServer(in: folder) { $0.limits.reconnection = .milliseconds(20) }
        let client = try running.open()
        var losses = 0
        for _ in 0..<3 {
            #expect(try client.ask("SIGNAL NEWNYM") == "250 OK\r\n")
            losses += 1
            try wait(for: "the loss to be noticed") {
                running.log.lines.count { $0.contains("tor closed the connection") } == losses
            }
        }
        withExtendedLifetime(tor) {}
    }

    @Test func speaksTCPToo() throws {
        let tor = try FakeTor(at: .loopback(port: 0))
        let running = try RunningServer(in: folder, upstream: [tor.address])
        #expect(try running.open().ask("SIGNAL NEWNYM") == "250 OK\r\n")
    }
}
