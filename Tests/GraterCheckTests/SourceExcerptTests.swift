import Testing

@testable import GraterCheck

@Suite struct SourceExcerptTests {
    private func lines(_ line: String, _ column: Int) -> [String] {
        SourceExcerpt(line: line, number: 7, column: column).lines(Style(usesColor: false))
    }

    @Test func putsTheCaretUnderTheColumn() {
        #expect(lines("- comands:", 3) == ["    7 | - comands:", "      |   ^"])
    }

    @Test func aTabIsOneColumnWide() {
        #expect(lines("\tx", 2) == ["    7 |  x", "      |  ^"])
    }

    @Test func cutsLongLinesAroundTheColumn() throws {
        let line = String(repeating: "a", count: 300) + "X" + String(repeating: "b", count: 300)
        let excerpt = lines(line, 301)
        let caret = try #require(Array(excerpt[1]).firstIndex(of: "^"))
        #expect(Array(excerpt[0])[caret] == "X")
        #expect(excerpt[0].count < 130)
    }

    @Test func showsNothingThatATerminalActsUpon() {
        #expect(lines("a\u{1B}[31m\u{202E}b", 1)[0] == "    7 | a [31m b")
    }

    @Test func aColumnBeyondTheLineDoesNoHarm() {
        #expect(lines("", 5) == ["    7 | ", "      |     ^"])
        #expect(lines("a", 0) == ["    7 | a", "      | ^"])
    }
}
