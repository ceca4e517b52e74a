import Foundation
import Testing

@testable import GraterCheck

@Suite struct IdentifyTests {
    private func identify(_ profile: String, format: ReportFormat = .text) throws -> Report {
        let folder = try TemporaryFolder()
        let file = try folder.write(profile, to: "x.yml")
        let pid = ProcessInfo.processInfo.processIdentifier
        return Identify(pid: pid, profiles: [file], format: format).run(style: Style(usesColor: false))
    }

    @Test func theFilterOfAProcessIsTold() throws {
        let report = try identify("- {name: mine, apparmor-profiles: ['*'], users: ['\(getuid())']}\n")
        #expect(report.status == .fine, "\(report.text)")
        #expect(report.text.contains("filter: mine"))
    }

    @Test func whyThereIsNoneIsTold() throws {
        let profile = "- {name: others, apparmor-profiles: ['*'], users: ['4242424']}\n"
        let report = try identify(profile)
        #expect(report.status == .findings)
        #expect(report.text.contains("'users' lists '4242424', and the client's is"))
        #expect(try identify(profile, format: .json).text.contains("\"filter\": \"others\""))
    }

    @Test func aProcessThatIsNotThereIsAQuestionNotAnswered() {
        #expect(Identify(pid: 0x7FFF_FFFF).run(style: Style(usesColor: false)).status == .usage)
    }
}
