import ControlProtocol
import TestSupport
import Testing

struct ReplyParserTests {
    private func items(_ input: String) -> [ReplyParser.Item] { Pieces.replies(Array(input.utf8)) }

    private func line(_ code: Int, _ kind: ReplyLine.Kind, _ text: String = "") -> ReplyLine {
        ReplyLine(code: code, kind: kind, text: Array(text.utf8))
    }

    @Test func linesOfAReply() {
        #expect(
            items("250-version=1\r\n250+ns/all=\r\n..x\r\n250 OK\r\n.\r\n250 OK\r\n") == [
                .reply(line(250, .middle, "version=1")), .reply(line(250, .blockStart, "ns/all=")),
                .reply(line(250, .data, ".x")), .reply(line(250, .data, "250 OK")), .reply(line(250, .blockEnd)),
                .reply(line(250, .end, "OK")),
            ])
    }

    @Test func linesOfEvents() {
        #expect(
            items("650-CONF_CHANGED\r\n650-A=1\r\n650 OK\r\n650+NS\r\n650 x\r\n.\r\n650 OK\r\n") == [
                .event(line(650, .middle, "CONF_CHANGED")), .event(line(650, .middle, "A=1")),
                .event(line(650, .end, "OK")), .event(line(650, .blockStart, "NS")), .event(line(650, .data, "650 x")),
                .event(line(650, .blockEnd)), .event(line(650, .end, "OK")),
            ])
    }

    @Test(arguments: ["", "25", "250", "250=x", "2x0 OK", "OK", "HTTP/1.0 501"])
    func noReplyLine(_ text: String) {
        #expect(items("\(text)\r\n250 OK\r\n") == [.violation(.notAReplyLine)])
    }

    @Test(arguments: [1, 3, 1000])
    func lineOverTheBound(pieces: Int) {
        let endless = Array("250 ".utf8) + [UInt8](repeating: 65, count: 1000)
        #expect(Pieces.replies(endless, of: pieces, lineLimit: 100) == [.violation(.lineTooLong)])
        #expect(Pieces.replies(endless + [10], of: pieces, lineLimit: 100) == [.violation(.lineTooLong)])
    }

    /// Splitting the input at any other place changes nothing, and a line is written as it was read.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func mutated(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var input = Array("250-a=1\r\n250+b=\r\n..\r\nx\r\n.\r\n250 OK\r\n650+NS\n\n.\n650 OK\n552 no\r\n".utf8)
        random.mutate(&input, times: Int.random(in: 0..<6, using: &random))
        let whole = Pieces.replies(input)
        for size in [1, 2, 3, 7, 64] { #expect(Pieces.replies(input, of: size) == whole) }
        var written = [UInt8]()
        for case .reply(let line) in whole { line.write(to: &written) }
        #expect(
            Pieces.replies(written)
                == whole.filter {
                    if case .reply = $0 { true } else { false }
                })
    }
}
