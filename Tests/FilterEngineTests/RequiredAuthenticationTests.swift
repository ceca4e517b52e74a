import ControlProtocol
import FilterEngine
import LinearPattern
import Profiles
import Testing

/// As with tor, nothing is heard before AUTHENTICATE, and who tries is shown the door.
struct RequiredAuthenticationTests {
    private let session: Session

    init() throws {
        let version = Rule(
            pattern: try Pattern("version"), location: SourceLocation(file: "test.yml", line: 1, column: 1))
        session = Session(
            policy: Policy(name: "test", commands: ["GETINFO": RuleSet([version])]),
            context: Session.Context(
                addresses: ConnectionAddresses(clientAddress: [], clientPort: [], serverAddress: [], serverPort: []),
                requiresAuthentication: true
            ) { [UInt8](repeating: 0, count: 32) })
    }

    private func feed(_ input: String) -> (toClient: String, toTor: String, isClosed: Bool) {
        var session = session
        var effects = Effects()
        Array(input.utf8).withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
        if effects.connectsToTor { session.torConnected(version: nil, &effects) }
        return (
            String(decoding: effects.toClient, as: UTF8.self), String(decoding: effects.toTor, as: UTF8.self),
            effects.closing != nil
        )
    }

    @Test(arguments: [
        "GETINFO version", "GETINFO address", "BLARG!", "SETEVENTS", "TAKEOWNERSHIP", " ", "+AUTHENTICATE\r\n.",
        "+LOADCONF\r\nAUTHENTICATE\r\n.", "PROTOCOLINFO\tAUTHENTICATE",
    ])
    func nothingIsHeardBefore(command: String) {
        let outcome = feed("\(command)\r\nAUTHENTICATE\r\nGETINFO version\r\n")
        #expect(outcome.toClient == "514 Authentication required.\r\n")
        #expect(outcome.toTor.isEmpty)
        #expect(outcome.isClosed)
    }

    @Test func afterwardsItIs() {
        let outcome = feed("authenticate \"any\"\r\nGETINFO version\r\n")
        #expect(outcome.toClient == "250 OK\r\n")
        #expect(outcome.toTor == "GETINFO version\r\n")
        #expect(!outcome.isClosed)
    }

    @Test func aFailedAttemptIsNone() {
        let outcome = feed("AUTHENTICATE blarg\r\nGETINFO version\r\n")
        #expect(outcome.toClient.hasPrefix("551 "))
        #expect(outcome.toTor.isEmpty)
        #expect(outcome.isClosed)
    }
}
