import Foundation
import Testing

@Suite("What the fuzzer has found to be interesting")
struct FuzzCorpusTests {
    @Test func nothingIsViolated() throws {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "patterns/fuzz/corpus.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(!lines.isEmpty)
        for line in lines {
            let digits = Array(line)
            let data = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
                UInt8(String(digits[$0...$0 + 1]), radix: 16)
            }
            #expect(PatternProperties.violation(by: data) == nil, "\(line)")
        }
    }
}
