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
        let reply = try client.receiveToEnd()
        let place = folder.file("profiles/tester.yml")
        #expect(
            reply
                == "551 onion-grater: several profiles match this client, so none is used: 'one' (\(place):1:3), 'two' (\(place):2:3)\r\n"
        )
        #expect(running.log.lines.contains { $0.contains("so none is used: 'one' (\(place):1:3), 'two'") })
        // Nobody need connect to learn of it.
        let overview = running.server.overview
        #expect(
            overview.problems.contains {
                "\($0)".contains("clients of filter 'two' match others too, and are refused: 'one'")
            })
        #expect(
            running.log.lines.contains {
                $0.contains("warning") && $0.contains("clients of filter 'two' match others too")
            })
        #expect(overview.refusals[.ambiguous] == 1 && overview.refusals[.unmatched] == nil)
        #expect(MetricsText(overview).text.contains("onion_grater_refused_total{reason=\"ambiguous\"} 1"))
    }

    @Test func keepsTheLastRefusalsAndDenials() throws {
        let running = try RunningServer(
            in: folder, profile: "- {name: tester, sockets: ['app'], commands: {GETINFO: ['version']}}",
            also: [.unix(path: folder.file("other"), name: "other")])
        for _ in 0..<3 {
            let client = try TestSocket(connectedTo: .unix(path: folder.file("other")))
            try client.send("GETINFO version\r\n")
            _ = try client.receiveToEnd()
        }
        let client = try running.open()
        for number in 0..<30 {
            #expect(try client.ask("GETINFO address/\(number)") == "510 Command filtered\r\n")
            #expect(try client.ask("ADD_ONION RSA1024:secret Port=80") == "510 Command filtered\r\n")
        }
        let refusals = try #require(running.server.overview.lastRefusals.elements)
        #expect(refusals.count == 1 && refusals[0]["count"]?.integer == 3)
        #expect(refusals[0]["pid"]?.integer == Int(getpid()) && refusals[0]["socket"]?.text == "other")
        #expect(refusals[0]["why"]?.text?.contains("the nearest is 'tester'") == true)
        let denials = try #require(running.server.overview.lastDenials.elements)
        #expect(denials.count == Monitor.shownDenials)
        #expect(denials[0]["count"]?.integer == 30)
        #expect(denials[0]["command"]?.text == "ADD_ONION RSA1024:[redacted] Port=80")
    }

    /// Who makes a great many displaces its own.
    @Test func aFloodDisplacesNobodyElses() {
        var events = RecentEvents()
        events.record("once", of: "alice") { .object([:]) }
        for number in 0..<1000 { events.record("\(number)", of: "mallory") { .object(["n": .integer(number)]) } }
        let report = events.report().elements ?? []
        #expect(report.count == events.limit && events.displacedCount == 981)
        #expect(report.last?["n"] == nil, "alice's is there still, as the oldest")
        #expect(report.first?["n"]?.integer == 999)
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
