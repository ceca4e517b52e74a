import Foundation
import Profiles
import Testing

/// The examples of docs/profiles.md are profiles: people copy them.
@Suite struct DocumentationTests {
    @Test func examplesLoadWithoutAWord() throws {
        let guide = Fixtures.folder.appendingPathComponent("../../../docs/profiles.md").standardizedFileURL
        let text = String(decoding: try Data(contentsOf: guide), as: UTF8.self)
        let examples = text.components(separatedBy: "```yaml\n").dropFirst().map { block in
            block.components(separatedBy: "```")[0]
        }
        #expect(examples.count == 6)
        for example in examples {
            // All but the first are parts of a filter.
            let loaded = parse(example.hasPrefix("-") ? example : "- sockets: ['chat']\n" + example)
            #expect(loaded.diagnostics.map(\.description) == [])
            #expect(loaded.profiles.count == 1)
        }
    }
}
