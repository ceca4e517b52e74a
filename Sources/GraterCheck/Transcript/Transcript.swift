import ControlProtocol
import FilterEngine

/// What is said in one or more sessions between a client, onion-grater and tor: a test of a profile that a person can
/// read. The format is described in docs/transcripts.md.
public struct Transcript: Sendable {
    /// The path as it was given.
    public let file: String
    /// In the order of the file; never empty.
    public let sessions: [TranscriptSession]
}

/// One client's session in a transcript.
public struct TranscriptSession: Sendable {
    /// What stands behind `==`; nil for a session that has no such line.
    public let title: String?
    /// The line where it begins, from 1.
    public let line: Int
    /// What the session is played with.
    public let settings: SessionSettings
    /// In the order of the file; never empty.
    public let exchanges: [TranscriptExchange]
}

/// Some events, and all that must come of them.
public struct TranscriptExchange: Sendable {
    /// Something that is fed to the session.
    public enum Event: Sendable, Equatable {
        /// Bytes of the client's, in the portions in which they arrive.
        case client([[UInt8]])
        /// Bytes of tor's, in the portions in which they arrive.
        case tor([[UInt8]])
        case clientFinished
        /// Nil stands for the version among the settings.
        case torConnected(version: [UInt8]?)
        case torUnavailable(reason: String)
        case torLost
        /// From now on this is found of who listens at a target.
        case listener(OnionServiceRequest.Target, ListenerFinding)
        /// The targets of the client's onion services are looked at.
        case secondPasses
    }

    /// Something that the session must do.
    public enum Expectation: Sendable, Equatable {
        case toTor([UInt8])
        case toClient([UInt8])
        /// It asks for a connection to tor, which the transcript answers itself.
        case connects
        /// It ends; nil stands for any reason.
        case closes(TranscriptClosing?)
        /// It reports a decision: the verdict's name, a space and the command with its secrets redacted.
        case logs(String)
    }

    /// What happens, in order, each with its line, from 1.
    public internal(set) var events: [(line: Int, event: Event)] = []
    /// What must come of it, each with its line, from 1.
    public internal(set) var expectations: [(line: Int, expectation: Expectation)] = []

    package var isEmpty: Bool { events.isEmpty && expectations.isEmpty }
}

/// Why a session ends, as a transcript writes it.
public enum TranscriptClosing: String, Sendable, CaseIterable {
    case clientLeft = "client left"
    case clientViolation = "client violation"
    case torViolation = "tor violation"
    case torLost = "tor lost"
}

/// What is wrong with a transcript itself.
public struct TranscriptError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The path as it was given.
    public let file: String
    /// From 1.
    public let line: Int
    /// From 1, in bytes.
    public let column: Int
    /// What is wrong there, as a sentence.
    public let message: String

    public var description: String { "\(file):\(line):\(column): error: \(message)" }
}
