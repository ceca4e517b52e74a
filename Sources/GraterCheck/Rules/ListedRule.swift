import Profiles

/// A rule as it stands in a profile, of which can be said whether it was ever needed.
package struct ListedRule: Hashable {
    /// The command, the option, or the event.
    package let what: String
    package let location: SourceLocation
}

extension Policy {
    /// All rules, in the order of the file.
    package var listedRules: [ListedRule] {
        let commands = commands.flatMap { command, rules in
            rules.rules.map { ListedRule(what: "\(command)", location: $0.location) }
        }
        let confs = confs.values.map {
            ListedRule(what: String(decoding: $0.name, as: UTF8.self), location: $0.location)
        }
        let events = events.map { ListedRule(what: "event \($0.key)", location: $0.value.location) }
        return (commands + confs + events).sorted {
            ($0.location.line, $0.location.column) < ($1.location.line, $1.location.column)
        }
    }
}
