import BenchSupport
import FilterEngine
import Glibc
import Profiles

/// What a session is fed over and over.
struct EngineLoad {
    let name: String
    /// What is counted.
    let unit: String
    /// The command that opens the way, and how tor's reply to it begins.
    var opening: (command: String, reply: String)?
    /// A client's command with its end; nil where tor speaks unasked.
    var command: String?
    /// What tor says: to one command, or by itself.
    var reply: String

    static let all = [
        EngineLoad(
            name: "allowed", unit: "commands", command: "GETINFO version\r\n",
            reply: "250-version=0.4.9.11\r\n250 OK\r\n"),
        EngineLoad(name: "denied", unit: "commands", command: "GETINFO address\r\n", reply: ""),
        EngineLoad(
            name: "rewritten", unit: "commands", command: "ADD_ONION NEW:ED25519-V3 Port=80,17600\r\n",
            reply: """
                250-ServiceID=facebookwkhpilnemxj7asaniu7vnjjbiltxjqhye3mhbshg7kx5tfyd\r
                250-PrivateKey=ED25519-V3:\(String(repeating: "A", count: 88))\r
                250 OK\r

                """),
        EngineLoad(
            name: "last-rule", unit: "commands", command: "RESOLVE host-\(BenchProfile.ruleCount - 1).example.net\r\n",
            reply: "250 OK\r\n"),
        EngineLoad(
            name: "events", unit: "events", opening: ("SETEVENTS CIRC\r\n", "250 OK\r\n"),
            reply: "650 CIRC 1000 EXTENDED $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria PURPOSE=GENERAL\r\n"),
        EngineLoad(
            name: "rewritten-events", unit: "events", opening: ("SETEVENTS HS_DESC\r\n", "250 OK\r\n"),
            reply: """
                650 HS_DESC UPLOADED facebookwkhpilnemxj7asaniu7vnjjbiltxjqhye3mhbshg7kx5tfyd UNKNOWN \
                $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria 1\r

                """),
        EngineLoad(
            name: "large-reply", unit: "lines", opening: ("GETINFO ns/all\r\n", "250+ns/all=\r\n"),
            reply: String(repeating: "x", count: 98) + "\r\n"),
    ]

    /// Feeds `batches` times as much of this as a socket gives at once.
    func run(_ policy: Policy, batches: Int) -> (count: Int, seconds: Double) {
        let addresses = ConnectionAddresses(clientAddress: [], clientPort: [], serverAddress: [], serverPort: [])
        var session = Session(
            policy: policy,
            context: Session.Context(addresses: addresses) { [UInt8](repeating: 0, count: 32) })
        var effects = Effects()
        if let opening {
            feed(Array(opening.command.utf8)) { session.receive(fromClient: $0, &effects) }
            session.torConnected(version: nil, &effects)
            feed(Array(opening.reply.utf8)) { session.receive(fromTor: $0, &effects) }
            effects.removeAll()
        }
        let perBatch = 64 * 1024 / (command ?? reply).utf8.count
        let commands = Array(String(repeating: command ?? "", count: perBatch).utf8)
        let replies = Array(String(repeating: reply, count: perBatch).utf8)
        let start = clock()
        for _ in 0..<batches {
            feed(commands) { session.receive(fromClient: $0, &effects) }
            if effects.connectsToTor { session.torConnected(version: nil, &effects) }
            feed(replies) { session.receive(fromTor: $0, &effects) }
            effects.removeAll()
        }
        return (batches * perBatch, Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }

    private func feed(_ bytes: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        bytes.withUnsafeBufferPointer(body)
    }
}
