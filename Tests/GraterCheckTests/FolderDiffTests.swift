import Foundation
import TestSupport
import Testing

@testable import GraterCheck

/// Folders are compared profile by profile, and `--deny widened` lets what only takes away pass.
@Suite struct FolderDiffTests {
    private let old: TemporaryFolder
    private let new: TemporaryFolder
    private let plain = Style(usesColor: false)

    init() throws {
        (old, new) = (try TemporaryFolder(), try TemporaryFolder())
        for (folder, words) in [(old, "version, uptime"), (new, "version")] {
            try folder.write("- {name: app, sockets: [a], commands: {GETINFO: [\(words)]}}\n", to: "app.yml")
            try folder.write("- {name: same, sockets: [b]}\n", to: "same.yml")
        }
    }

    private func diff(_ old: String, _ new: String, denied: DifferenceLevel = .any) -> Report {
        Diff(old: old, new: new, denied: denied).run(style: plain)
    }

    @Test func profilesAreComparedByName() throws {
        try old.write("- {name: gone, sockets: [c]}\n", to: "gone.yml")
        let report = diff(old.path, new.path)
        #expect(report.status == .findings)
        let lines = report.text.split(separator: "\n").map(String.init)
        #expect(lines.first == "profile 'app'" && lines[1] == "  - now denied: GETINFO uptime", "\(lines)")
        #expect(lines.last == "- profile gone: 'gone': \(old.path)/gone.yml", "\(lines)")
        #expect(!report.text.contains("same"))
        #expect(diff(old.path, new.path, denied: .widened).status == .fine)
    }

    @Test func whatWidensIsAFindingEitherWay() throws {
        #expect(diff(new.path, old.path, denied: .widened).status == .findings)
        #expect(diff(old.path, old.path).text == "no differences\n")
        try new.write("- {name: more, sockets: [d]}\n", to: "more.yml")
        let report = diff(old.path, new.path, denied: .widened)
        #expect(report.status == .findings && report.text.contains("+ new profile 'more'"), "\(report.text)")
    }

    /// A second profile of a name that is there already is as much a widening as any other.
    @Test func profilesOfOneNameAreAllCompared() throws {
        for folder in [old, new] { try folder.write("- {name: app, sockets: [z]}\n", to: "zzz.yml") }
        #expect(diff(old.path, new.path, denied: .widened).status == .fine)
        try new.write("- {name: app, sockets: [z], commands: {GETINFO: [address]}}\n", to: "zzz.yml")
        let widened = diff(old.path, new.path, denied: .widened)
        #expect(
            widened.status == .findings && widened.text.contains("+ now allowed: GETINFO address"), "\(widened.text)")
        try new.write("- {name: same, sockets: [y]}\n", to: "yyy.yml")
        #expect(diff(old.path, new.path, denied: .widened).text.contains("+ new profile 'same'"))
    }

    @Test func programsGetTheSame() throws {
        let report = Diff(old: old.path, new: new.path, format: .json).run(style: plain)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(report.text.utf8)) as? [String: Any])
        #expect(object["version"] as? Int == 1)
        let list = try #require(object["diff"] as? [[String: Any]])
        #expect(list.count == 1 && list[0]["profile"] as? String == "app" && list[0]["widens"] as? Bool == false)
    }

    @Test func aFolderAndAFileAreNotCompared() throws {
        let report = diff(old.path, new.file("app.yml"))
        #expect(report.status == .usage && report.text.contains("is a folder, and the other is not"), "\(report.text)")
        #expect(diff(old.path, try TemporaryFolder().path).status == .usage)
    }
}
