import Profiles
import TestSupport
import Testing

@testable import GraterCheck

/// `try --as`: the filter that the daemon would choose.
@Suite struct ClientArgumentTests {
    private func text(_ client: String, format: ReportFormat = .text) throws -> (text: String, status: Report.Status) {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            - {name: chat, apparmor-profiles: [chat], users: [amnesia], commands: {GETINFO: [version]}}
            - {name: chat2, apparmor-profiles: [chat], users: ['1000'], commands: {}}
            - {name: far, hosts: ['10.0.0.0/8'], commands: {GETINFO: [version]}}

            """, to: "x.yml")
        var trial = Trial(profile: file, commands: [Array("GETINFO version".utf8)])
        trial.client = try ClientArgument.parse(client)
        trial.format = format
        let report = trial.run(style: Style(usesColor: false))
        return (report.text, report.status)
    }

    @Test func theFilterIsChosenAsTheDaemonWould() throws {
        #expect(try text("label=chat,user=amnesia").status == .fine)
        #expect(try text("label=chat,uid=1000").status == .findings)
        #expect(try text("host=10.1.2.3").status == .fine)
    }

    @Test func whyNoneIsChosenIsSaid() throws {
        let none = try text("label=chat,user=other")
        #expect(none.status == .usage)
        #expect(none.text.contains("'users' lists 'amnesia', and the client's is 'other'"))
        let both = try text("label=chat,user=amnesia,uid=1000")
        #expect(both.status == .usage)
        #expect(both.text.contains("several filters are for this client"))
    }

    @Test(arguments: ["label", "label=", "name=x", "uid=x", "host=nowhere", ""])
    func whatIsNoClientIsRefused(client: String) {
        #expect(throws: ClientArgument.Failure.self) { try ClientArgument.parse(client) }
    }

    @Test func programsGetJSON() throws {
        let json = try text("host=10.1.2.3", format: .json).text
        #expect(json.contains("\"verdict\": \"allowed\""))
        #expect(json.contains("\"GETINFO version\""))
    }
}
