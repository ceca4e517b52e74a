import ControlProtocol
import FilterEngine
import LinearPattern
import Profiles
import Testing

/// What was sent before the client was identified opens a session and does nothing else.
struct UnidentifiedSenderTests {
    private let session: Session

    init() throws {
        let anything = Rule(
            pattern: try Pattern("version"), location: SourceLocation(file: "test.yml", line: 1, column: 1))
        session = Session(
            policy: Policy(name: "test", commands: ["GETINFO": RuleSet([anything])]),
            context: Session.Context(
                addresses: ConnectionAddresses(clientAddress: [], clientPort: [], serverAddress: [], serverPort: [])
            ) { [UInt8](repeating: 0, count: 32) })
    }

    /// What the client is answered when the first `count` bytes of `input` come from somebody unidentified.
    private func replies(to input: String, unidentified count: Int) -> String {
        var session = session
        var effects = Effects()
        let bytes = Array(input.utf8)
        Array(bytes[..<count]).withUnsafeBufferPointer {
            session.receive(fromClient: $0, sentBy: .unidentified, &effects)
        }
        Array(bytes[count...]).withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
        if effects.connectsToTor { session.torConnected(version: nil, &effects) }
        return String(decoding: effects.toClient + effects.toTor, as: UTF8.self)
    }

    @Test func openingCommandsAreHeard() {
        let input = "AUTHENTICATE\r\nQUIT\r\n"
        #expect(replies(to: input, unidentified: input.utf8.count) == "250 OK\r\n250 closing connection\r\n")
    }

    @Test func othersAreDenied() {
        let input = "AUTHENTICATE\r\nGETINFO version\r\n"
        #expect(replies(to: input, unidentified: input.utf8.count) == "250 OK\r\n510 Command filtered\r\n")
    }

    @Test func oneByteOfACommandIsEnough() {
        let input = "GETINFO version\r\n"
        for count in 1...input.utf8.count {
            #expect(replies(to: input, unidentified: count) == "510 Command filtered\r\n")
        }
        #expect(replies(to: input, unidentified: 0) == input)
    }

    @Test func whatBeginsAfterwardsIsHeard() {
        let opening = "AUTHENTICATE\r\n"
        let input = opening + "GETINFO version\r\n"
        #expect(replies(to: input, unidentified: opening.utf8.count) == "250 OK\r\nGETINFO version\r\n")
        let data = "+LOADCONF\r\nGETINFO version\r\n.\r\n"
        for count in 1...data.utf8.count {
            #expect(
                replies(to: data + "GETINFO version\r\n", unidentified: count)
                    == "510 Command filtered\r\nGETINFO version\r\n")
        }
    }
}
