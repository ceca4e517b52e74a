import ControlProtocol
import TestSupport
import Testing

struct CommandParserTests {
    private func items(_ input: String) -> [CommandParser.Item] { Pieces.commands(Array(input.utf8)) }

    @Test func aLineIsACommandAndItsArgument() throws {
        let expected = [try #require(Command("GETINFO", Array("version ".utf8))), try #require(Command("QUIT"))]
        #expect(items("GETINFO  version \r\nQUIT\n") == expected.map { .command($0) })
    }

    @Test(arguments: ["getInfo version", "+Blarg_2", "X"])
    func aKeywordIgnoresCaseAndKeepsItsSpelling(_ line: String) throws {
        guard case .command(let command)? = items("\(line)\r\n.\r\n").first else {
            Issue.record("no command in \(line)")
            return
        }
        let word = line.drop { $0 == "+" }.prefix { $0 != " " }
        #expect(command.keyword.description == word.uppercased())
        #expect(command.line == Array(line.utf8))
        #expect(command.inCapitals.line == Array(line.replacing(word, with: word.uppercased()).utf8))
    }

    @Test func dataEndsAtALoneDot() throws {
        let expected = try #require(Command("LOADCONF", [], body: Array("a\n.b\n\n".utf8)))
        #expect(items("+LOADCONF\r\na\r\n..b\r\n\n.\r\n") == [.command(expected)])
    }

    @Test(arguments: [
        ("\r\n", CommandParser.LineDefect.noKeyword), (" GETINFO\r\n", .noKeyword), ("GET/INFO\r\n", .badKeyword),
        ("GETINFO a\tb\r\n", .unprintableByte(9)), ("GETINFO \u{7F}\r\n", .unprintableByte(0x7F)),
        ("GETINFO \u{E9}\r\n", .unprintableByte(0xC3)), ("GETINFO a\rb\r\n", .unprintableByte(13)),
        ("GETINFO a\0\r\n", .unprintableByte(0)), ("+X\r\na\rb\r\n.\r\n", .badBody),
    ])
    func defect(_ input: String, _ expected: CommandParser.LineDefect) {
        let items = items(input)
        guard items.count == 1, case .refused(_, expected) = items[0] else {
            Issue.record("\(items)")
            return
        }
    }

    @Test(arguments: ["GET / HTTP/1.1", "POST /x HTTP/1.0", "CONNECT a:1 HTTP/1.1", "FOO / HTTP/1.1", "GET /"])
    func http(_ line: String) {
        #expect(items("\(line)\r\n").first == .http)
        // Only the first line is looked at: later ones are commands like any other.
        #expect(!items("QUIT\r\n\(line)\r\n").contains(.http))
    }

    @Test(arguments: [1, 5, 100])
    func aLineOverTheBoundEndsAll(pieces: Int) {
        let limits = CommandParser.Limits(line: 16, body: 16)
        let longest = Array("X 34567890123\r\n".utf8)
        #expect(Pieces.commands(longest, of: pieces, limits: limits).count == 1)
        let over = Array("X 3456789012345\r\nQUIT\r\n".utf8)
        #expect(Pieces.commands(over, of: pieces, limits: limits) == [.tooLong])
    }

    @Test func anUnterminatedLineIsNotKeptForEver() {
        let limits = CommandParser.Limits(line: 1024, body: 1024)
        let endless = [UInt8](repeating: 65, count: 100_000)
        #expect(Pieces.commands(endless, of: 100, limits: limits) == [.tooLong])
        #expect(Pieces.commands(Array("+X\n".utf8) + endless, of: 100, limits: limits) == [.tooLong])
    }

    @Test func dataOverTheBoundEndsAll() {
        let limits = CommandParser.Limits(line: 64, body: 64)
        let input = Array("+X\n".utf8) + Array(String(repeating: "aaaa\n", count: 20).utf8)
        #expect(Pieces.commands(input, of: 7, limits: limits) == [.tooLong])
    }

    /// Splitting the input at any other place changes nothing, and what comes out is written as it would be read again.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func mutated(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var input = Array(
            """
            PROTOCOLINFO 1\r\nAUTHENTICATE "a\\"b"\r\n+LOADCONF\r\nA 1\r\n..\r\n.\r\nQUIT\r\n\r\n \n\tX\n+\n.\n\
            SETCONF A="x y" B=c\r\nGETINFO a b\n+HSPOST SERVER=A HSADDRESS=b\nx\n.\n
            """.utf8)
        random.mutate(&input, times: Int.random(in: 0..<12, using: &random))
        let whole = Pieces.commands(input)
        for size in [1, 2, 3, 7, 64] { #expect(Pieces.commands(input, of: size) == whole) }
        for case .command(let command) in whole {
            var written = Array("QUIT\n".utf8)
            command.write(to: &written)
            #expect(Pieces.commands(written).last == .command(command))
        }
    }
}
