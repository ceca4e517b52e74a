import LinearPattern

/// One rule of a command: what arguments it is about, and what happens to a command that has them.
public struct Rule: Sendable {
    public enum Action: Sendable {
        /// Tor gets the command as it is.
        case forward
        /// Tor gets these arguments instead.
        case rewrite(Template)
        /// The client gets these reply lines, and tor is not asked. Never empty; together one well-formed reply.
        case answer([Template])
    }

    public let pattern: Pattern
    public let action: Action
    /// Rewrites of the reply's lines.
    public let response: RewriteRules
    /// For a rule of `GETCONF`, `SETCONF` or `RESETCONF` whose pattern begins with a whole option name: that name, as the
    /// profile spells it. Tor ignores the case of option names, so the client's spelling is replaced by this one.
    public let confName: [UInt8]?
    public let location: SourceLocation

    public init(
        pattern: Pattern, action: Action = .forward, response: RewriteRules = RewriteRules([]),
        confName: [UInt8]? = nil, location: SourceLocation
    ) {
        self.pattern = pattern
        self.action = action
        self.response = response
        self.confName = confName
        self.location = location
    }
}

/// The rules of one command, in the profile's order: the first that matches decides.
public struct RuleSet: Sendable {
    public let rules: [Rule]
    private let set: PatternSet

    public init(_ rules: [Rule]) {
        self.rules = rules
        set = PatternSet(rules.map(\.pattern))
    }

    /// The first rule whose pattern matches the whole of `argument`.
    public func firstMatch(_ argument: UnsafeBufferPointer<UInt8>) -> Rule? {
        set.firstMatch(argument).map { rules[$0] }
    }

    /// The first rule whose pattern matches the whole of `argument`.
    public func firstMatch(_ argument: [UInt8]) -> Rule? {
        argument.withUnsafeBufferPointer { firstMatch($0) }
    }
}
