import LinearPattern
import Profiles

/// Finds filters that can match the same client, which would then get neither.
enum SharedClients {
    /// How many of the others are named.
    private static let named = 3

    /// One for each filter that shares clients with earlier ones.
    static func diagnostics(_ profiles: [Profile]) -> [Diagnostic] {
        profiles.enumerated().compactMap { index, profile in
            let others = profiles[..<index].filter { other in
                !(profile.isMerged && other.isMerged) && share(profile.qualifiers, other.qualifiers)
            }
            guard !others.isEmpty else { return nil }
            let names = others.prefix(named).map { "'\($0.name)' (\($0.location))" }.joined(separator: ", ")
            let rest = others.count > named ? " and \(others.count - named) more" : ""
            return Diagnostic(
                .warning, at: profile.location,
                "a client of this filter may match others too, and would be refused: \(names)\(rest)",
                suggestion:
                    "tell them apart by what says who they are for, or unite them: in a folder for --merged, or by 'grater-check merge'"
            )
        }
    }

    /// Filters that tell applications apart by different keys are taken to be for different ones.
    private static func share(_ first: Qualifiers, _ second: Qualifiers) -> Bool {
        if let hosts = first.hosts, let others = second.hosts,
            hosts.contains(where: { host in others.contains { meet(host, $0) } })
        {
            return true
        }
        guard first.canMatchLocal, second.canMatchLocal else { return false }
        let applications = [
            meet(first.apparmorProfiles, second.apparmorProfiles, by: meet),
            meet(first.flatpaks, second.flatpaks, by: meet), meet(first.sockets, second.sockets, by: meet),
            meet(first.units, second.units, by: meet),
        ]
        return applications.contains(true) && !applications.contains(false)
            && meet(first.users, second.users, by: meet) != false
    }

    /// Nil if one of them is not given.
    private static func meet<Element>(
        _ first: [Element]?, _ second: [Element]?, by meet: (Element, Element) -> Bool
    ) -> Bool? {
        guard let first, let second else { return nil }
        return first.contains { element in second.contains { meet(element, $0) } }
    }

    private static func meet(_ first: NameMatcher, _ second: NameMatcher) -> Bool {
        first == .any || second == .any || first == second
    }

    /// A name and a number may belong together.
    private static func meet(_ first: AccountMatcher, _ second: AccountMatcher) -> Bool {
        switch (first, second) {
        case (.any, _), (_, .any), (.id, .name), (.name, .id): true
        default: first == second
        }
    }

    private static func meet(_ first: UnitMatcher, _ second: UnitMatcher) -> Bool {
        guard case .named(let manager, let first) = first, case .named(let other, let second) = second else {
            return true
        }
        guard manager == other else { return false }
        guard let first = pattern(first), let second = pattern(second) else { return true }
        return LanguageSearch(required: [first, second]).run() != .none
    }

    private static func pattern(_ glob: GlobMatcher) -> Pattern? {
        try? Pattern(
            glob.description.map { character in
                switch character {
                case "*": ".*"
                case "?": "."
                case "a"..."z", "A"..."Z", "0"..."9": String(character)
                default: character.isASCII ? "\\\(character)" : String(character)
                }
            }.joined())
    }

    private static func meet(_ first: HostMatcher, _ second: HostMatcher) -> Bool {
        switch (first, second) {
        case (.any, _), (_, .any): true
        case (.network(let address, _), .network(let other, _)): second.matches(address) || first.matches(other)
        }
    }
}
