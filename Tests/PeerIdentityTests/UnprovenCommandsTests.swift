import Testing

@testable import PeerIdentity

@Suite("What may be said by nobody knows whom")
struct UnprovenCommandsTests {
    /// Whether `input` is admitted, its first `unproven` bytes being in doubt (all, if nil), in pieces of `size`.
    private func admits(_ input: String, unproven: Int? = nil, size: Int) -> Bool {
        var commands = UnprovenCommands()
        var rest = Array(input.utf8)[...]
        var doubtful = unproven ?? rest.count
        while !rest.isEmpty {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            let admitted = piece.withUnsafeBytes { commands.admit($0, unproven: min(doubtful, piece.count)) }
            guard admitted else { return false }
            doubtful = max(0, doubtful - piece.count)
        }
        return true
    }

    @Test(
        "Opening commands, and one command before AUTHENTICATE, which the session refuses",
        arguments: [
            "PROTOCOLINFO 1\r\nAUTHCHALLENGE SAFECOOKIE 00\r\nAUTHENTICATE 00\r\nQUIT\r\n",
            "authenticate\nquit\n", "\r\nAUTHENTICATE\r\n", "GETINFO version\r\n",
            "PROTOCOLINFO\r\nGETINFO version\r\n",
        ], [1, 7, 1000])
    func admitted(input: String, size: Int) {
        #expect(admits(input, size: size))
    }

    @Test(
        "Nothing after AUTHENTICATE, nor after anything that might have been it",
        arguments: [
            "AUTHENTICATE\r\nGETINFO version\r\n", "AUTHENTICATE \"x\"\nSIGNAL NEWNYM\n",
            " AUTHENTICATE\r\nGETINFO version\r\n", "\tAUTHENTICATE\r\nGETINFO version\r\n",
            "+FOO\r\nAUTHENTICATE\r\n.\r\nGETINFO version\r\n", "GETINFO version\r\nGETINFO version\r\n",
            "AUTHENTICATE\r\nQUITE\r\n", "AUTHENTICATE\r\nPROTOCOLINFO\r\n GETINFO version\r\n",
        ], [1, 7, 1000])
    func refused(input: String, size: Int) {
        #expect(!admits(input, size: size))
    }

    @Test("After bytes that are proven, which may have held AUTHENTICATE, a command in doubt is refused")
    func doubtComesBack() {
        var commands = UnprovenCommands()
        let proven = Array("AUTHENTICATE\r\n".utf8)
        let doubtful = Array("GETINFO version\r\n".utf8)
        #expect(proven.withUnsafeBytes { commands.admit($0, unproven: 0) })
        #expect(!doubtful.withUnsafeBytes { commands.admit($0, unproven: doubtful.count) })
    }

    @Test("A command of which one byte is in doubt is in doubt", arguments: 15...30)
    func oneByte(unproven: Int) {
        #expect(!admits("AUTHENTICATE\r\nGETINFO version\r\n", unproven: unproven, size: 1000))
        #expect(admits("AUTHENTICATE\r\nGETINFO version\r\n", unproven: 14, size: 1000))
    }
}
