import Foundation
import TestSupport
import Testing

@testable import GraterCheck

/// The profiles in README and in docs/: people copy them, so they must be good ones. They stand in blocks marked `yaml`; the first
/// line of one that is a bad example, or a drop-in, says so in a comment.
@Suite struct DocumentedProfileTests {
    private static let pages: [String] = {
        let docs = RepositoryFolder.url.appendingPathComponent("docs").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: docs)) ?? []
        return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }()

    private static func examples(in page: String) throws -> [String] {
        let text = try String(contentsOf: RepositoryFolder.url.appendingPathComponent(page), encoding: .utf8)
        return text.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
            .filter { !$0.hasPrefix("# A bad example") }
    }

    @Test(arguments: pages) func passesLintAndAudit(page: String) throws {
        let folder = try TemporaryFolder()
        for example in try Self.examples(in: page) {
            if example.hasPrefix("# A drop-in") {
                _ = try folder.makeFolder("chat.yml.d")
                let dropIn = try folder.write(example, to: "chat.yml.d/example.yml")
                let lint = Lint(paths: [dropIn], denied: .warning).run(style: Style(usesColor: false))
                #expect(lint.status == .fine, "\(example)\(lint.text)")
                continue
            }
            // Some are parts of a filter.
            let text = example.hasPrefix("-") || example.hasPrefix("#") ? example : "- sockets: ['chat']\n" + example
            let file = try folder.write(text, to: "chat.yml")
            let lint = Lint(paths: [file], denied: .warning).run(style: Style(usesColor: false))
            #expect(lint.status == .fine, "\(example)\(lint.text)")
            let audit = Audit(paths: [file], denied: .high).run(style: Style(usesColor: false))
            #expect(audit.status == .fine, "\(example)\(audit.text)")
        }
    }

    @Test func thereAreExamples() throws {
        #expect(try Self.examples(in: "README.md").count >= 1)
        #expect(try Self.examples(in: "docs/profiles.md").count >= 5)
    }
}
