import ControlProtocol
import FilterEngine
import LinearPattern
import Profiles
import TestSupport
import Testing

/// Where another application may have sent some bytes of a command, nothing comes of it but a greeting.
@Suite struct DoubtfulCommandTests {
    private static let uncertain = "551 The sender of this is uncertain: wait for the reply to AUTHENTICATE\r\n"

    private struct Outcome: Equatable {
        var toTor = ""
        var toClient = ""
        var denials: [DenialReason] = []
        var isClosed = false
    }

    /// A session that allows everything that it can.
    private func makeSession(requiresAuthentication: Bool) throws -> Session {
        let any = RuleSet([
            Rule(pattern: try Pattern(".*"), location: SourceLocation(file: "test.yml", line: 1, column: 1))
        ])
        return Session(
            policy: Policy(name: "test", commands: ["GETINFO": any, "SIGNAL": any, "HSPOST": any]),
            context: Session.Context(
                addresses: ConnectionAddresses(clientAddress: [], clientPort: [], serverAddress: [], serverPort: []),
                requiresAuthentication: requiresAuthentication
            ) { [UInt8](repeating: 0, count: 32) })
    }

    /// Feeds the chunks, each with how many of its bytes, from the first one on, are doubtful.
    private func feed(_ chunks: [(String, doubtful: Int)], requiresAuthentication: Bool = false) throws -> Outcome {
        var session = try makeSession(requiresAuthentication: requiresAuthentication)
        var effects = Effects()
        for (text, doubtful) in chunks {
            Array(text.utf8).withUnsafeBufferPointer {
                session.receive(fromClient: $0, doubtful: doubtful, &effects)
            }
            if effects.connectsToTor {
                effects.connectsToTor = false
                session.torConnected(version: nil, &effects)
            }
        }
        let denials = effects.decisions.compactMap { if case .denied(let why) = $0.verdict { why } else { nil } }
        #expect(effects.counts.denied == denials.count)
        return Outcome(
            toTor: String(decoding: effects.toTor, as: UTF8.self),
            toClient: String(decoding: effects.toClient, as: UTF8.self),
            denials: denials, isClosed: effects.closing != nil)
    }

    @Test(arguments: ["PROTOCOLINFO 1\r\n", "authenticate\n", "AUTHCHALLENGE SAFECOOKIE 00\r\n", "QUIT\r\n"])
    func greetingsAreAnswered(text: String) throws {
        let certain = try feed([(text, 0)])
        #expect(!certain.toClient.isEmpty)
        #expect(try feed([(text, text.utf8.count)]) == certain)
        #expect(try feed(text.map { (String($0), String($0).utf8.count) }) == certain)
    }

    @Test(arguments: [
        "GETINFO version\r\n", "SIGNAL NEWNYM\n", "GETINFO address\r\n", "TAKEOWNERSHIP\r\n", "SETEVENTS\r\n",
        "+QUIT\r\n.\r\n", "+HSPOST x\r\ny\r\n.\r\n", "RESETCONF __OwningControllerProcess\r\n",
    ])
    func nothingElseIs(text: String) throws {
        let expected = Outcome(toClient: Self.uncertain, denials: [.uncertainSender])
        #expect(try feed([(text, text.utf8.count)]) == expected)
        #expect(try feed([(text, 1)]) == expected)
        #expect(try feed([(String(text.prefix(3)), 0), (String(text.dropFirst(3)), 1)]) == expected)
        #expect(try feed(text.map { (String($0), String($0).utf8.count) }) == expected)
    }

    @Test func whatIsCertainBehindItIsHeard() throws {
        let outcome = try feed(
            [("AUTHENTICATE\r\nGETINFO version\r\nGETINFO config-file\r\n", 20), ("SIGNAL NEWNYM\r\n", 0)],
            requiresAuthentication: true)
        #expect(outcome.toClient == "250 OK\r\n" + Self.uncertain)
        #expect(outcome.toTor == "GETINFO config-file\r\nSIGNAL NEWNYM\r\n")
        #expect(!outcome.isClosed)
    }

    @Test func dataOfADoubtfulCommandIsNoCommand() throws {
        let outcome = try feed([("+HSPOST x\r\n", 1), ("SIGNAL NEWNYM\r\n", 0), (".\r\nGETINFO version\r\n", 0)])
        #expect(outcome.toTor == "GETINFO version\r\n")
        #expect(outcome.denials == [.uncertainSender])
    }

    @Test func beforeAuthenticationTheSessionEnds() throws {
        let outcome = try feed([("GETINFO version\r\nAUTHENTICATE\r\n", 31)], requiresAuthentication: true)
        #expect(outcome.toClient == "514 Authentication required.\r\n")
        #expect(outcome.isClosed)
    }

    /// However the stream is cut and whatever of each chunk is doubtful: tor gets those commands whose bytes are all certain.
    @Test(arguments: 0..<200)
    func torGetsWhatIsCertain(seed: Int) throws {
        var random = SeededRandom(seed: seed)
        let commands = (0..<8).map { "GETINFO key/\($0)\(["\r\n", "\n"][$0 % 2])" }
        let stream = Array(commands.joined().utf8)
        var chunks: [(String, doubtful: Int)] = []
        var isDoubtful: [Bool] = []
        while isDoubtful.count < stream.count {
            let size = Int.random(in: 1...min(30, stream.count - isDoubtful.count), using: &random)
            let doubtful = Bool.random(using: &random) ? 0 : Int.random(in: 0...size, using: &random)
            let bytes = stream[isDoubtful.count..<isDoubtful.count + size]
            chunks.append((String(decoding: bytes, as: UTF8.self), doubtful))
            isDoubtful += (0..<size).map { $0 < doubtful }
        }
        var expected = ""
        var start = 0
        for (number, command) in commands.enumerated() {
            let end = start + command.utf8.count
            if !isDoubtful[start..<end].contains(true) { expected += "GETINFO key/\(number)\r\n" }
            start = end
        }
        #expect(try feed(chunks).toTor == expected)
    }
}
