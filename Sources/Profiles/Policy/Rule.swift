import ControlProtocol
import LinearPattern

/// One rule of a command: what arguments it is about, and what happens to a command that has them.
public final class Rule: Sendable {
    /// What becomes of a command that the rule is about.
    public enum Action: Sendable {
        /// Tor gets the command as it is.
        case forward
        /// Tor gets these arguments instead.
        case rewrite(Template)
        /// The client gets these reply lines, and tor is not asked. Never empty; together one well-formed reply.
        case answer([Template])
    }

    /// Matched against the whole of what the rule is about.
    public let pattern: Pattern
    /// What becomes of a command that the rule is about.
    public let action: Action
    /// Rewrites of the reply's lines.
    public let response: RewriteRules
    /// For a rule of `GETCONF`, `SETCONF` or `RESETCONF` whose pattern begins with a whole option name: that name, as the
    /// profile spells it. Tor ignores the case of option names, so the client's spelling is replaced by this one.
    public let confName: [UInt8]?
    /// Where it stands in the profile.
    public let location: SourceLocation
    /// `location` alone, as decisions list it: made once, and not for each command.
    public let locations: [SourceLocation]

    public init(
        pattern: Pattern, action: Action = .forward, response: RewriteRules = RewriteRules.none,
        confName: [UInt8]? = nil, location: SourceLocation
    ) {
        self.pattern = pattern
        self.action = action
        self.response = response
        self.confName = confName
        self.location = location
        locations = [location]
    }
}

/// The rules of one command, in the profile's order: the first that matches decides.
public struct RuleSet: Sendable {
    /// The first that matches decides.
    public let rules: [Rule]
    private let set: PatternSet
    /// The spellings of an option's name in the rules, by the name in lower case.
    private let confNames: [[UInt8]: [[UInt8]]]

    public init(_ rules: [Rule]) {
        self.rules = rules
        set = PatternSet(rules.map(\.pattern))
        var confNames = [[UInt8]: [[UInt8]]]()
        for name in rules.compactMap(\.confName) where !confNames[name.lowercasedASCII, default: []].contains(name) {
            confNames[name.lowercasedASCII, default: []].append(name)
        }
        self.confNames = confNames
    }

    /// The index in `rules` of the first rule whose pattern matches the whole of `argument`.
    public func firstIndex(_ argument: [UInt8]) -> Int? {
        argument.withUnsafeBufferPointer { set.firstMatch($0) }
    }

    /// The first rule whose pattern matches the whole of `argument`.
    public func firstMatch(_ argument: [UInt8]) -> Rule? {
        firstIndex(argument).map { rules[$0] }
    }

    /// How an option's name may be spelt for the patterns to know it: as it is, and as the rules spell it.
    public func spellings(of confName: [UInt8]) -> [[UInt8]] {
        let known = confNames[confName.lowercasedASCII] ?? []
        return known.contains(confName) ? known : known + [confName]
    }
}
