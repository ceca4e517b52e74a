import ControlProtocol
import Profiles

/// How one of the client's commands was decided, and why.
public struct Decision: Sendable {
    /// What became of the command.
    public enum Verdict: Sendable, Equatable {
        /// Tor got the command as it is.
        case allowed
        /// Tor got `command` instead, a whole line without its end.
        case rewritten(command: [UInt8])
        /// In complain mode: tor got the command, which the profile would have denied for this reason.
        case tolerated(DenialReason)
        /// onion-grater answered itself.
        case answered
        /// Refused, and tor never saw it.
        case denied(DenialReason)
        /// Under own-listeners: onion-grater deleted an onion service of the client's. `Decision.command` is what tor got.
        case withdrawn(DenialReason)

        /// The verdict in one word, as logs and transcripts have it.
        public var name: String {
            switch self {
            case .allowed: "allowed"
            case .rewritten: "rewritten"
            case .tolerated: "tolerated"
            case .answered: "answered"
            case .denied: "denied"
            case .withdrawn: "withdrawn"
            }
        }
    }

    /// What became of it.
    public let verdict: Verdict
    /// The command's line as it was understood, secrets (keys, cookies, passwords) replaced by `[redacted]`. Client's
    /// bytes: may hold anything, so escape it before it is shown.
    public let command: [UInt8]
    /// Where the rules that decided stand: none for a denial for want of a rule, several for a command of several keywords.
    public let rules: [SourceLocation]

    public init(verdict: Verdict, command: [UInt8], rules: [SourceLocation] = []) {
        self.verdict = verdict
        self.command = command
        self.rules = rules
    }
}

/// Why a command was refused.
public enum DenialReason: Sendable, Equatable {
    /// The profile lists no rule for the command at all.
    case commandNotListed
    /// No rule of the command matches; `keyword` is the part that nothing matched, where the command has several.
    case noRuleMatches(keyword: [UInt8]?)
    /// An event that the profile does not list.
    case eventNotListed(Keyword)
    /// The line holds a byte that tor would read differently from what is written, or is not what the command takes.
    case malformed(String)
    /// With only-own-onions: the onion service is not known to be the profile's.
    case foreignOnionService
    /// An onion service may not lead to a control port.
    case controlPortTarget
    /// Under own-listeners: the client's application does not listen where its onion service leads.
    case foreignTarget(OnionServiceRequest.Target, ListenerFinding)
    /// Under own-listeners: the application has not begun to listen in time.
    case listensTooLate(OnionServiceRequest.Target, seconds: Int)
    /// Under own-listeners: an onion service of another kind, which cannot be watched.
    case unwatchedService(String)
    /// Another application may have sent the command, or part of it, over the client's connection.
    case uncertainSender
}

extension DenialReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .commandNotListed: "the profile has no rule for this command"
        case .noRuleMatches(nil): "no rule of this command matches its arguments"
        case .noRuleMatches(let keyword?):
            "no rule of this command matches '\(String(decoding: keyword, as: UTF8.self))'"
        case .eventNotListed(let event): "the profile does not list the event \(event)"
        case .malformed(let what): what
        case .foreignOnionService: "the onion service is not one that this profile created"
        case .uncertainSender: "its sender is uncertain"
        case .controlPortTarget: "an onion service may not lead to a control port"
        case .foreignTarget(let target, .nobody): "own-listeners: the application does not listen at \(target)"
        case .foreignTarget(let target, .foreign(let why)): "own-listeners: \(target): \(why)"
        case .foreignTarget(let target, .own), .foreignTarget(let target, .elsewhere): "own-listeners: \(target)"
        case .listensTooLate(let target, let seconds):
            "own-listeners: the application did not begin to listen at \(target) within \(seconds) s"
        case .unwatchedService(let what): "own-listeners: \(what)"
        }
    }
}
