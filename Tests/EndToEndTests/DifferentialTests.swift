import Testing

/// Two tors hear the same commands, one directly and one by way of a profile that allows everything: as far as the filter lets
/// a command through, both must have understood the same, give one reply each, and stay in step.
@Suite("What tor understands through the daemon is what it understands without it", .needsTor)
struct DifferentialTests {
    private static let events = [
        "CIRC", "STREAM", "BW", "CONF_CHANGED", "SIGNAL", "ADDRMAP", "HS_DESC", "NOTICE", "WARN",
    ]

    /// - Parameter events: what the clients have subscribed to, all of which comes in between.
    @Test("Commands that are nearly right", arguments: [[], ["NOTICE", "WARN", "CONF_CHANGED", "SIGNAL", "ADDRMAP"]])
    func differences(events: [String]) throws {
        let rules = Set(AdversarialCommands.names).sorted().map { "    \($0): ['.*']" }.joined(separator: "\n")
        let profile = """
            - sockets: [app]
              commands:
            \(rules)
              events: {\(Self.events.map { "\($0): " }.joined(separator: ", "))}
            """
        let stage = try Stage(profiles: ["app": profile])
        let tor = try PrivateTor()
        var random = AdversarialCommands(seed: 20_261_121 + events.count)
        var (through, direct) = (Side(try stage.client()), Side(try ControlClient(path: tor.socketPath)))
        for side in [through, direct] {
            #expect(try side.client.ask("AUTHENTICATE") == ["250 OK"])
            #expect(try side.client.ask("SETEVENTS \(events.joined(separator: " "))") == ["250 OK"])
        }
        var (same, refused) = (0, 0)
        for _ in 0..<1000 {
            let command = random.next()
            let context = Comment(rawValue: String(decoding: command, as: UTF8.self).debugDescription)
            guard let filtered = try? through.replies(to: command) else {
                Issue.record("\(context) ended the session: \(stage.daemon.log.suffix(500))")
                return
            }
            if filtered == [["510 command filtered"]] {
                refused += 1
                continue
            }
            #expect(try direct.replies(to: command) == filtered, context)
            same += 1
        }
        #expect(same > 400 && refused > 100, "\(same), \(refused)")
    }

    /// A client that marks where the replies to one command end.
    private struct Side {
        let client: ControlClient
        private var count = 0

        init(_ client: ControlClient) {
            self.client = client
        }

        /// The replies that come to `command`, in a form in which two tors' are the same.
        mutating func replies(to command: [UInt8]) throws -> [[String]] {
            count += 1
            try client.send(bytes: command + Array("GETINFO marker/\(count)\r\n".utf8))
            var replies = [[String]]()
            while case let reply = try client.reply(), reply != ["552 Unrecognized key \"marker/\(count)\""] {
                replies.append(reply.map(Self.normalize))
            }
            return replies
        }

        /// Without what is random or tells of one tor's folder, and the case in which tor repeats a command.
        private static func normalize(_ line: String) -> String {
            line.lowercased()
                .replacing(/[a-z2-7]{56}/, with: "ONION")
                .replacing(/privatekey=.*/, with: "KEY")
                .replacing(/\/\S*/, with: "PATH")
        }
    }
}
