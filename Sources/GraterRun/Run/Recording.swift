import ControlProtocol
import FilterEngine
import GraterCheck
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

    /// Whether nobody ever said anything.
    var isEmpty: Bool {
        sessions.withLock { $0.values.allSatisfy { !$0.contains { if case .fromClient = $0 { true } else { false } } } }
    }

    /// What was decided, in order.
    var decisions: [Decision] {
        ordered.joined().compactMap { if case .decided(let decision) = $0 { decision } else { nil } }
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

    /// How a transcript of a run begins.
    static let heading = "# Recorded by grater-check run."

    /// A transcript of everything, for `grater-check test`.
    ///
    /// - Parameters:
    ///   - profile: its path, as seen from the transcript's folder.
    ///   - keepsSecrets: whether keys and passwords are in it as they were. Else others of the same form stand for them.
    func transcript(profile: String, keepsSecrets: Bool) -> String {
        var text = Self.heading
        text +=
            keepsSecrets
            ? " Keys and passwords are in it as they were.\n"
            : " Keys and passwords in it are made up, each for a real one.\n"
        text += "profile: \(profile)\n"
        var redaction = RecordingRedaction()
        for (index, session) in ordered.enumerated() {
            text += "\n== Connection \(index + 1)\n"
            for observation in keepsSecrets ? session : redaction.redact(session) {
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
