import ControlProtocol
import LinearPattern

extension Policy {
    /// What several profiles allow together, as Whonix's onion-grater-merger puts them together: rules one after the
    /// other, in the order of `policies`.
    ///
    /// An event is suppressed only if all that list it suppress it, and rewritten by the rewrites of all. One profile
    /// suffices to restrict streams, onion services or their targets to the client's own, or to enforce.
    public static func union(_ policies: [Policy]) -> Policy {
        var commands: [Keyword: [Rule]] = [:]
        var confs: [[UInt8]: ConfRule] = [:]
        var events: [Keyword: EventRule] = [:]
        for policy in policies {
            commands.merge(policy.commands.mapValues(\.rules), uniquingKeysWith: +)
            confs.merge(policy.confs) { first, second in
                ConfRule(
                    name: first.name, values: PatternSet(first.values.patterns + second.values.patterns),
                    location: first.location)
            }
            events.merge(policy.events) { first, second in
                EventRule(
                    isSuppressed: first.isSuppressed && second.isSuppressed,
                    response: RewriteRules(
                        first.response.rewrites + second.response.rewrites,
                        dropsOthers: first.response.dropsOthers || second.response.dropsOthers),
                    location: first.location
                )
            }
        }
        return Policy(
            name: policies.map(\.name).joined(separator: "+"),
            mode: policies.allSatisfy { $0.mode == .complain } ? .complain : .enforce,
            torBrowserMode: policies.contains(where: \.torBrowserMode),
            onlyOwnOnions: policies.contains(where: \.onlyOwnOnions),
            ownListeners: policies.compactMap(\.ownListeners).min { $0.grace < $1.grace },
            commands: commands.mapValues { RuleSet($0) }, confs: confs, events: events)
    }
}
