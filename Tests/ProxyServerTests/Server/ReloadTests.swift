import Foundation
import Testing

@testable import ProxyServer

/// Profiles that change while sessions last.
@Suite struct ReloadTests {
    let running: RunningServer

    init() throws {
        running = try .withTor()
    }

    private func reload(_ profile: String) throws -> Result<ReloadSummary, ReloadFailure> {
        try running.folder.write(profile, to: "profiles/tester.yml")
        return running.server.reload()
    }

    @Test func aSessionGoesOnUnderItsNewProfile() throws {
        let client = try running.open()
        #expect(try client.ask("GETINFO address") == "510 Command filtered\r\n")
        let summary = try reload("- {name: tester, sockets: [app], commands: {GETINFO: [address]}}").get()
        #expect(summary.profileCount == 1)
        #expect(try client.ask("GETINFO version") == "510 Command filtered\r\n")
        #expect(try client.ask("GETINFO address") == "250-address=here\r\n")
    }

    @Test func allStaysWhereAProfileCannotBeUsed() throws {
        let client = try running.open()
        do {
            _ = try reload("- {name: tester, sockets: [app], comands: {}}").get()
            Issue.record("a file that cannot be used was accepted")
        } catch {
            #expect("\(error)".contains("tester.yml:1:"))
        }
        #expect(try client.ask("GETINFO address") == "510 Command filtered\r\n")
        #expect(try client.ask("GETINFO version") == "250-version=here\r\n")
        // What is in force would be gone after a restart, and status says so.
        #expect(running.server.overview.filesLostAtRestart == [running.folder.file("profiles/tester.yml")])
        _ = try reload(RunningServer.profile).get()
        #expect(running.server.overview.filesLostAtRestart.isEmpty)
    }

    @Test(arguments: [
        ("[]", "no profiles are loaded"),
        ("- {name: tester, sockets: [elsewhere]}", "no filter matches"),
        ("- {name: other, sockets: [app]}", "the client's profile is 'other' now"),
        ("- {name: tester, sockets: [app]}\n- {name: other, sockets: [app]}", "several profiles match"),
    ])
    func aSessionEndsWhoseClientHasItsProfileNoMore(profile: String, why: String) throws {
        let client = try running.open()
        #expect(try client.ask("SIGNAL NEWNYM") == "250 OK\r\n")
        _ = try reload(profile).get()
        #expect(try client.receiveToEnd() == "")
        try wait(for: "the log") { running.log.lines.contains { $0.contains("profiles have changed: \(why)") } }
        try wait(for: "the session to end") { running.server.sessionCount == 0 }
    }

    @Test func thoseWhoComeMeanwhileGetTheOneOrTheOther() throws {
        let profiles = ["version", "address"].map { key in
            "- {name: tester, sockets: [app], commands: {GETINFO: [\(key)]}}"
        }
        for round in 0..<20 {
            let clients = try (0..<5).map { _ in try running.connect() }
            for client in clients { try client.send("AUTHENTICATE\r\n") }
            _ = try reload(profiles[round % 2]).get()
            for client in clients {
                #expect(try client.receiveLine() == "250 OK\r\n")
                let isFiltered = try client.ask("GETINFO version") == "510 Command filtered\r\n"
                #expect(isFiltered == (round % 2 == 1))
            }
        }
    }
}
