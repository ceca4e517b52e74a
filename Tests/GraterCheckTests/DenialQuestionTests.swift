import Foundation
import Profiles
import TestSupport
import Testing

@testable import GraterCheck

/// What a person is asked, and what comes of each answer.
@Suite struct DenialQuestionTests {
    private let folder: TemporaryFolder
    private let plain = Style(usesColor: false)

    init() throws { folder = try TemporaryFolder() }

    private func learn(_ denied: [String], _ answers: [DenialAnswer], to profile: String) throws -> Report {
        let lines = denied.map {
            "onion-grater: notice: denied: \($0): no rule of this command matches 'x' profile=chat"
        }
        let log = try folder.write(lines.joined(separator: "\n"), to: "log")
        let target = try folder.write(profile, to: "chat.yml")
        let script = AnswerScript(answers)
        return LearnFromLog(logs: [log], target: target, ask: { script.next($0) }).run(style: plain)
    }

    static let profile = "- name: 'chat'\n  sockets: ['chat']\n  commands:\n    GETINFO: ['version']\n"

    @Test func eachAnswerMakesItsRule() throws {
        let circuit = "GETINFO ns/id/0123456789ABCDEF0123456789ABCDEF01234567"
        let general = try learn([circuit], [.take(.generalise)], to: Self.profile).text
        #expect(general.contains(#"'ns/id/\$?[0-9A-F]{40}"#), "\(general)")
        let exact = try learn([circuit], [.take(.allow)], to: Self.profile).text
        #expect(exact.contains("['version', 'ns/id/0123456789ABCDEF0123456789ABCDEF01234567']"), "\(exact)")
        let denied = try learn(["GETINFO address"], [.take(.deny)], to: Self.profile).text
        #expect(denied.contains("{pattern: 'address', answer: ['510 Command filtered']}"), "\(denied)")
        let loaded = ProfileFile.parse(Array(denied.utf8), file: "chat.yml")
        let policy = try #require(loaded.profiles.first?.policy)
        let probe = Probe(Array("GETINFO address".utf8), policy: policy, settings: SessionSettings())
        #expect(!probe.isDenied && probe.received == nil && probe.seen == Array("510 Command filtered\r\n".utf8))
    }

    @Test func whatIsPassedOverIsNotAdded() throws {
        let report = try learn(["GETINFO uptime", "GETINFO dormant"], [.skip, .take(.allow)], to: Self.profile)
        #expect(
            report.text.contains("['version', 'dormant']") && report.remarks.contains("uptime, denied once: skipped"))
        let stopped = try learn(["GETINFO uptime", "GETINFO dormant"], [.stop], to: Self.profile)
        #expect(stopped.status == .findings && stopped.remarks == "grater-check: nothing was added\n", "\(stopped)")
    }

    /// A person may take what is never taken by itself, and sees what it is.
    @Test func graveHazardsAreShownAndMayBeTaken() throws {
        let question = DenialQuestion(Array("GETINFO address".utf8), 12)
        let text = question.text(style: plain)
        #expect(text.contains("GETINFO address, denied 12 times"))
        #expect(text.contains("critical: address: a client learns the machine's own IP address"), "\(text)")
        #expect(text.hasSuffix("[g/d/s/q] "), "\(text)")
        #expect(try learn(["GETINFO address"], [.take(.generalise)], to: Self.profile).text.contains("'address'"))
    }

    @Test func answersAreLetters() {
        let question = DenialQuestion(Array("GETINFO address".utf8), 1)
        #expect(question.answer(to: "") == .skip && question.answer(to: " S ") == .skip)
        #expect(question.answer(to: "q") == .stop && question.answer(to: "G") == .take(.generalise))
        #expect(question.answer(to: "d") == .take(.deny))
        #expect(question.answer(to: "a") == nil && question.answer(to: "yes") == nil)
    }

    /// What cannot be settled by a rule that refuses is not offered one.
    @Test func onlyWhatSettlesTheDenialIsProposed() {
        let events = DenialQuestion(Array("SETEVENTS NOTICE".utf8), 1)
        #expect(events.proposals.map(\.kind) == [.generalise], "\(events)")
    }
}

/// Answers, one after the other.
private final class AnswerScript: @unchecked Sendable {
    // One thread asks.
    private var answers: [DenialAnswer]

    init(_ answers: [DenialAnswer]) { self.answers = answers }

    func next(_: DenialQuestion) -> DenialAnswer { answers.isEmpty ? .stop : answers.removeFirst() }
}
