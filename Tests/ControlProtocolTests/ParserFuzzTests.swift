import ControlProtocol
import TestSupport
import Testing

/// The parsers of both sides, under input that is nearly right.
@Suite struct ParserFuzzTests {
    private static let words = [
        "GETINFO", " ", "+", ".", "..", "\"", "\\", "=", "250", "650", "-", "+", "OK", "\r\n.\r\n", "\n.\n",
        "GET / HTTP/1.1",
        "SETCONF", "\t", "\\r", "\\012",
    ]

    /// What comes out never depends on how the bytes came in; a command holds what it may, and is read back as it is written.
    @Test func commandsAreWhatIsSentAndNothingElse() {
        let corpus = [
            "AUTHENTICATE\r\nGETINFO version\r\n", "SETCONF Log=\"notice \\\"x\\\"\" A=1\r\nQUIT\r\n",
            "+LOADCONF\r\nSocksPort 1\r\n..x\r\n.\r\nGETINFO a b\n", "ADD_ONION NEW:BEST Port=80,1\r\n\r\n x\r\n",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "+HSPOST\r\n.\r\nSIGNAL NEWNYM\r\n",
        ]
        var fuzz = Fuzz(corpus: corpus, words: Self.words)
        let limits = CommandParser.Limits(line: 200, body: 300)
        while let input = fuzz.next() {
            let items = Pieces.commands(input, limits: limits)
            for size in [1, 3] {
                #expect(Pieces.commands(input, of: size, limits: limits) == items, "seed \(fuzz.seed): \(input)")
            }
            for case .command(let command) in items {
                #expect(command.argument.allSatisfy { (0x20...0x7E).contains($0) }, "seed \(fuzz.seed): \(input)")
                var written = [UInt8]()
                command.write(to: &written)
                // The first line of a connection is looked at for a browser's.
                let again = Pieces.commands(Array("X\r\n".utf8) + written)
                #expect(again.count == 2 && again.last == .command(command), "seed \(fuzz.seed): \(input)")
            }
        }
    }

    /// Whatever tor says, lines are cut at the same places, and are written as they were read.
    @Test func repliesAreCutAtTheSamePlaces() {
        let corpus = [
            "250-version=0.4\r\n250 OK\r\n", "250+ns/all=\r\nr x\r\n..y\r\n.\r\n250 OK\r\n",
            "250+x=\r\na\r\n\r\nb\n.c\r\nd\r\r\n.\r\n", "650 CIRC 1 BUILT\r\n250 OK\r\n",
            "650+NS\r\nr\r\n.\r\n650 OK\r\n", "552 Unrecognized\r\n",
            "650-STREAM 1\r\n650 OK\r\n250-a=b\r\n250 OK\r\n",
        ]
        var fuzz = Fuzz(corpus: corpus, words: Self.words)
        while let input = fuzz.next() {
            let items = Pieces.replies(input, lineLimit: 200)
            for size in [1, 3] {
                #expect(Pieces.replies(input, of: size, lineLimit: 200) == items, "seed \(fuzz.seed): \(input)")
            }
            var written = [UInt8]()
            for item in items {
                switch item {
                case .reply(let line), .event(let line): line.write(to: &written)
                case .violation: break
                }
            }
            for size in [1, 7, 1 << 20] {
                let inRuns = Pieces.writtenInRuns(input, of: size, lineLimit: 200)
                #expect(inRuns == written, "seed \(fuzz.seed): \(input)")
            }
            let again = Pieces.replies(written)
            let lines = items.filter { if case .violation = $0 { false } else { true } }
            #expect(again == lines, "seed \(fuzz.seed): \(input)")
        }
    }

    /// Assignments come back as they were, with whatever quotes they need.
    @Test func assignmentsSurviveBeingWritten() {
        let corpus = [
            "A=1 B=\"x y\" C", "Log=\"notice \\\"x\\\\\" \"", "a=\"\\012\"b=2", "X= Y=\"\"",
            "HiddenServicePort=\"80 x\"",
        ]
        var fuzz = Fuzz(corpus: corpus, words: Self.words)
        while let input = fuzz.next() {
            let input = input.filter { (0x20...0x7E).contains($0) }
            guard let assignments = ConfAssignment.parse(input) else { continue }
            let written = Array(assignments.map(\.text).joined(separator: [UInt8(ascii: " ")]))
            let again = ConfAssignment.parse(written)
            #expect(
                again?.map { [$0.name, $0.value] } == assignments.map { [$0.name, $0.value] },
                "seed \(fuzz.seed): \(String(decoding: input, as: UTF8.self))")
        }
    }
}
