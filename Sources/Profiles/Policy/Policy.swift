import ControlProtocol
import LinearPattern

/// One profile, compiled: what a client that it was chosen for may say and hear. Immutable, shared by sessions.
public struct Policy: Sendable {
    /// What becomes of commands that the profile does not list.
    public enum Mode: Sendable, Equatable {
        /// What the profile does not list is denied.
        case enforce
        /// What the profile does not list is let through and logged.
        case complain
    }

    /// The filter's name, which logs tell; of a union, all names with `+` between them.
    public let name: String
    /// What becomes of commands that the profile does not list.
    public var mode: Mode
    /// Only the client's own streams and circuits are to be seen.
    public let torBrowserMode: Bool
    /// Of onion services, only those that the profile's own sessions created may be deleted, listed and heard of.
    public let onlyOwnOnions: Bool
    /// Onion services may lead to this machine only where the client's own application listens; nil for no such limit.
    public let ownListeners: OwnListeners?
    /// Rules by command; those under `GETCONF`, `SETCONF` and `RESETCONF` judge one keyword at a time.
    public let commands: [Keyword: RuleSet]
    /// The `confs` of the profile, by the option's name in lower case.
    public let confs: [[UInt8]: ConfRule]
    /// The events that may be subscribed to.
    public let events: [Keyword: EventRule]

    public init(
        name: String, mode: Mode = .enforce, torBrowserMode: Bool = false, onlyOwnOnions: Bool = false,
        ownListeners: OwnListeners? = nil, commands: [Keyword: RuleSet] = [:], confs: [[UInt8]: ConfRule] = [:],
        events: [Keyword: EventRule] = [:]
    ) {
        self.name = name
        self.mode = mode
        self.torBrowserMode = torBrowserMode
        self.onlyOwnOnions = onlyOwnOnions
        self.ownListeners = ownListeners
        self.commands = commands
        self.confs = confs
        self.events = events
    }
}

/// An option of tor that a profile's `confs` opens: it may be read, and set to what `values` match.
public struct ConfRule: Sendable {
    /// The option's name as the profile spells it, which is how tor gets to see it.
    public let name: [UInt8]
    /// Patterns of the values it may be set to; a match of the empty value means that it may be reset.
    public let values: PatternSet
    /// Where it stands in the profile.
    public let location: SourceLocation

    public init(name: [UInt8], values: PatternSet, location: SourceLocation) {
        self.name = name
        self.values = values
        self.location = location
    }
}

/// What becomes of an event that a profile lists.
public struct EventRule: Sendable {
    /// The client believes it subscribed, and hears nothing.
    public let isSuppressed: Bool
    /// Rewrites of the event's lines.
    public let response: RewriteRules
    /// Where it stands in the profile.
    public let location: SourceLocation

    public init(isSuppressed: Bool, response: RewriteRules = RewriteRules.none, location: SourceLocation) {
        self.isSuppressed = isSuppressed
        self.response = response
        self.location = location
    }
}
