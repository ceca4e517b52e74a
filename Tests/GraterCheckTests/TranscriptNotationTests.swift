import Testing

@testable import GraterCheck

@Suite struct TranscriptNotationTests {
    @Test(arguments: [
        ("GETINFO version", ["GETINFO version\r\n"]),
        ("", ["\r\n"]),
        ("SETEVENTS\\x20", ["SETEVENTS \r\n"]),
        ("a\\\\b\\t\\x7f", ["a\\b\t\u{7F}\r\n"]),
        ("GETINFO ver\\", ["GETINFO ver"]),
        ("GETINFO version\\n\\", ["GETINFO version\n"]),
        ("GET\\|INFO\\| version", ["GET", "INFO", " version\r\n"]),
        ("\\", []),
    ])
    func parsesEscapes(text: String, chunks: [String]) throws {
        #expect(try TranscriptNotation.parse(text.utf8) == chunks.map { Array($0.utf8) })
    }

    @Test(arguments: [("a\\q", 1), ("\\x4", 0), ("\\xZZ", 0), ("SETEVENTS ", 9), ("a\t", 1)])
    func refusesWithPosition(text: String, position: Int) {
        do {
            let chunks = try TranscriptNotation.parse(text.utf8)
            Issue.record("parsed as \(chunks)")
        } catch {
            #expect(error.position == position)
        }
    }

    @Test func everyByteSurvivesWritingAndParsing() throws {
        let all = (0...255).map { UInt8($0) }
        for line in [all, all + [13, 10], [], [13, 10], Array("a \r\n".utf8), Array("a \n".utf8)] {
            let text = TranscriptNotation.write(line: line)
            #expect(text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            #expect(Array(try TranscriptNotation.parse(text.utf8).joined()) == line)
        }
    }
}
