import Testing

@testable import PeerIdentity

@Suite("Commands of which some bytes are not proven")
struct UnprovenCommandsTests {
    /// Feeds the chunks, each with how many bytes at its front are not proven.
    private func admits(_ chunks: [(String, unproven: Int)]) -> Bool {
        var commands = UnprovenCommands()
        return chunks.allSatisfy { text, unproven in
            Array(text.utf8).withUnsafeBytes { commands.admit($0, unproven: unproven) }
        }
    }

    @Test(
        "Harmless commands pass, in any case of letters and however they are split",
        arguments: ["PROTOCOLINFO 1\r\n", "authenticate\n", "AUTHCHALLENGE SAFECOOKIE 00\r\nQUIT\r\n", "\r\nQUIT\r\n"])
    func passesHarmless(text: String) {
        #expect(admits([(text, text.utf8.count)]))
        #expect(admits(text.map { (String($0), String($0).utf8.count) }))
    }

    @Test(
        "Everything else is refused after AUTHENTICATE",
        arguments: [
            "GETINFO address\r\n", "QUITX\r\n", "QUIT\r\nSIGNAL NEWNYM\r\n", " QUIT\r\n", "+QUIT\r\n",
            "AUTHENTICATEAUTHENTICATE\n",
            "QUIT\0", "\rGETINFO address\r\n", "QUIT\rGETINFO address\r\n", "\u{1}", "\t", "650 X\r\n",
        ])
    func refusesOthers(text: String) {
        let opened = "AUTHENTICATE\r\n" + text
        #expect(!admits([(opened, opened.utf8.count)]))
        #expect(!admits(opened.utf8.map { (String(decoding: [$0], as: UTF8.self), 1) }))
    }

    @Test("One command may come before AUTHENTICATE, for the session ends with it; no second one")
    func endsWithFirst() {
        #expect(admits([("GETINFO address\r\n", 17)]))
        #expect(!admits([("GETINFO address\r\nGETINFO address\r\n", 34)]))
    }

    @Test("A line counts as unproven if any byte of it is")
    func mixesLines() {
        #expect(!admits([("AUTHENTICATE\r\n", 0), ("GETINFO add", 11), ("ress\r\n", 0)]))
        #expect(!admits([("GETINFO ", 0), ("address\r\n", 9)]))
        #expect(!admits([("SIGNAL ", 0), ("QUIT\r\n", 6)]))
        #expect(!admits([("AUTHENTICATE\r\nGET", 17), ("INFO version\r\n", 0)]))
        #expect(admits([("AUTHENTI", 8), ("CATE\r\nGETINFO version\r\n", 0)]))
        #expect(admits([("AUTHENTICATE\r\nGETINFO version\r\n", 14)]))
    }

    @Test("Lines that are proven throughout may hold anything, before and after")
    func passesProven() {
        #expect(admits([("GETINFO version\r\n", 0), ("QUIT\r\n", 6), ("SIGNAL NEWNYM\r\n", 0)]))
        #expect(!admits([("GETINFO version\r\n", 0), ("SIGNAL NEWNYM\r\n", 3)]))
    }
}
