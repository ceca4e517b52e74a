import LinearPattern
import Testing

@testable import Profiles

/// Errors inside a pattern or a replacement are shown where they stand in the file.
@Suite struct ScalarLocationTests {
    private func scalar(_ yaml: String) throws -> YAMLScalar {
        let document = try #require(try YAMLReader.read(Array(yaml.utf8), file: "test.yml"))
        guard case .sequence(let nodes) = document.content, case .scalar(let scalar) = nodes.first?.content else {
            throw CancellationError()
        }
        return scalar
    }

    @Test(arguments: [
        ("- abc", 3), ("- 'abc'", 4), ("- \"abc\"", 4), ("-   abc", 5),
    ])
    func columnsAreCountedFromTheText(yaml: String, start: Int) throws {
        let scalar = try scalar(yaml)
        for offset in 0...3 {
            #expect(
                scalar.location(atUTF8Offset: offset)
                    == SourceLocation(file: "test.yml", line: 1, column: start + offset))
        }
    }

    @Test func doubledQuotesAndLongCharactersCount() throws {
        let scalar = try scalar("- 'é''x''y'")
        #expect(scalar.text == "é'x'y")
        #expect([0, 2, 3, 4, 5, 6].map { scalar.location(atUTF8Offset: $0).column } == [4, 5, 7, 8, 10, 11])
    }

    @Test(arguments: ["- \"a\\tbc\"", "- 'a\n  bc'", "- |\n  abc", "- >\n  abc", "- a\n  bc"])
    func whereColumnsCannotBeKnownTheStartIsShown(yaml: String) throws {
        let scalar = try scalar(yaml)
        #expect(scalar.location(atUTF8Offset: 2) == SourceLocation(file: "test.yml", line: 1, column: 3))
    }

    @Test(arguments: [-1, 4, .max, .min])
    func offsetsOutsideTheTextAreItsStart(offset: Int) throws {
        #expect(try scalar("- 'abc'").location(atUTF8Offset: offset).column == 3)
    }

    @Test func patternsThatCannotBeUsedAreShownWhereTheyGoWrong() throws {
        var position = 0
        do {
            _ = try Pattern("it's (?=x)")
        } catch {
            position = error.position
        }
        let loaded = ProfileFile.parse(
            Array("- {sockets: [a], commands: {GETINFO: ['it''s (?=x)']}}".utf8), file: "test.yml")
        #expect(loaded.profiles.isEmpty)
        // The quote that is doubled in the file makes one column more.
        #expect(loaded.diagnostics.map(\.location.column) == [41 + position])
    }
}
