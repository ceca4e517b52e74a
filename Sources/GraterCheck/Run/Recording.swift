import ControlProtocol
import ProxyServer
import Synchronization

/// All that happened in the sessions of a private filter, in the order in which it happened.
final class Recording: Sendable {
    private let sessions = Mutex<[UInt64: [PrivateUse.Observation]]>([:])

    func note(_ session: UInt64, _ observation: PrivateUse.Observation) {
        sessions.withLock { $0[session, default: []].append(observation) }
    }

    /// By the order of the connections.
    private var ordered: [[PrivateUse.Observation]] {
        sessions.withLock { sessions in sessions.sorted { $0.key < $1.key }.map(\.value) }
    }

    /// The commands of all clients, each as a line without its end, data after line feeds.
    var commands: [[UInt8]] {
        ordered.flatMap { session in
            var parser = CommandParser(limits: CommandParser.Limits())
            var commands = [[UInt8]]()
            for case .fromClient(let bytes) in session {
                bytes.withUnsafeBufferPointer { buffer in
                    var offset = 0
                    while let item = parser.next(buffer, at: &offset) {
                        switch item {
                        case .command(let command): commands.append(command.line)
                        case .refused(let line, _): commands.append(line)
                        case .http, .tooLong: break
                        }
                    }
                }
            }
            return commands
        }
    }

    /// A transcript of everything, for `grater-check test`.
    ///
    /// - Parameter profile: its path.
    func transcript(profile: String) -> String {
        var text = "# Recorded by grater-check run. Look it through: keys and cookies are in it as they were.\n"
        text += "profile: \(profile)\n"
        for (index, session) in ordered.enumerated() {
            text += "\n== Connection \(index + 1)\n"
            for observation in session {
                switch observation {
                case .fromClient(let bytes): text += Self.lines("C: ", bytes)
                case .toTor(let bytes): text += Self.lines(">T: ", bytes)
                case .fromTor(let bytes): text += Self.lines("T: ", bytes)
                case .toClient(let bytes): text += Self.lines(">C: ", bytes)
                case .clientFinished: text += "client finished\n"
                case .closing(let closing): text += ">close: \(TranscriptClosing(closing).rawValue)\n"
                case .decided: break
                }
            }
        }
        return text
    }

    private static func lines(_ prefix: String, _ bytes: [UInt8]) -> String {
        WireText.lines(bytes).map { prefix + TranscriptNotation.write(line: $0) + "\n" }.joined()
    }
}
