import Foundation
import TestSupport
import Testing

@testable import ProxyServer

/// Clients that get no session learn why, and the log says who they were.
@Suite struct RefusalTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func answersAClientWithoutProfile() throws {
        let running = try RunningServer(
            in: folder, profile: "- {name: other, sockets: ['elsewhere'], commands: {GETINFO: ['version']}}")
        let client = try running.connect()
        try client.send("PROTOCOLINFO 1\r\nGETINFO version\r\n")
        #expect(try client.receiveToEnd() == "551 onion-grater: no profile matches this client\r\n")
        let record = running.log.lines.first { $0.contains("refused") }
        #expect(record?.contains("the nearest is 'other'") == true)
        #expect(record?.contains("pid=\(getpid())") == true)
        #expect(record?.contains("uid=\(getuid())") == true)
    }

    @Test func answersAClientOfTwoProfiles() throws {
        let running = try RunningServer(
            in: folder,
            profile: """
                - {name: one, sockets: ['app'], commands: {GETINFO: ['version']}}
                - {name: two, sockets: ['app'], commands: {GETINFO: ['version']}}
                """)
        let client = try running.connect()
        try client.send("GETINFO version\r\n")
        #expect(try client.receiveToEnd() == "551 onion-grater: no profile matches this client\r\n")
        #expect(running.log.lines.contains { $0.contains("so none is used: one, two") })
    }

    @Test func doesNotWaitForEverForTheFirstLine() throws {
        let running = try RunningServer(in: folder, profile: "[]") { $0.limits.refusal = .milliseconds(50) }
        let client = try running.connect()
        try client.send("GETINF")
        #expect(try client.receiveToEnd() == "551 onion-grater: no profile matches this client\r\n")
        try wait(for: "the session to end") { running.server.sessionCount == 0 }
    }

    @Test func hearsNoMoreThanALine() throws {
        let running = try RunningServer(in: folder, profile: "[]")
        let client = try running.connect()
        Thread.detachNewThread { try? client.send([UInt8](repeating: 0x41, count: 1 << 20)) }
        #expect(try client.receiveToEnd() == "551 onion-grater: no profile matches this client\r\n")
    }
}
