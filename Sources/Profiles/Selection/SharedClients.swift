import LinearPattern

/// Finds filters that can match the same client, which is then refused: each may look healthy by itself.
public enum SharedClients {
    /// A filter that shares clients with others.
    public struct Conflict: Sendable {
        /// The later one, by the order of the profiles.
        public let profile: Profile
        /// Those before it that it shares clients with; never empty.
        public let others: [Profile]
        /// Whether there certainly are clients that match it and one of the others, and not only if two applications are one.
        public let isCertain: Bool
    }

    /// One for each filter that shares clients with earlier ones. Merged filters, which are united, share no clients with one
    /// another.
    public static func conflicts(among profiles: [Profile]) -> [Conflict] {
        var earlier = Buckets()
        return profiles.enumerated().compactMap { index, profile -> Conflict? in
            let candidates = earlier.candidates(for: profile.qualifiers)
            earlier.add(index, profile.qualifiers)
            let others = candidates.filter { number in
                !(profile.isMerged && profiles[number].isMerged)
                    && share(profile.qualifiers, profiles[number].qualifiers)
            }
            guard !others.isEmpty else { return nil }
            let isCertain = others.contains { areCertainlyShared(profile.qualifiers, profiles[$0].qualifiers) }
            return Conflict(profile: profile, others: others.map { profiles[$0] }, isCertain: isCertain)
        }
    }

    /// What can be found by a name is compared only with what has the same one, so that a thousand profiles cost no million
    /// comparisons.
    private struct Buckets {
        private var byName: [String: [Int]] = [:]
        private var others: [Int] = []
        private var all: [Int] = []

        mutating func add(_ index: Int, _ qualifiers: Qualifiers) {
            all.append(index)
            guard let names = Self.names(qualifiers) else { return others.append(index) }
            for name in names { byName[name, default: []].append(index) }
        }

        func candidates(for qualifiers: Qualifiers) -> [Int] {
            guard let names = Self.names(qualifiers) else { return all }
            return Set(names.flatMap { byName[$0] ?? [] } + others).sorted()
        }

        /// Nil if clients of any name may match.
        private static func names(_ qualifiers: Qualifiers) -> [String]? {
            guard qualifiers.hosts == nil, qualifiers.units == nil else { return nil }
            var names = [String]()
            for (kind, matchers) in [
                ("label", qualifiers.apparmorProfiles), ("flatpak", qualifiers.flatpaks),
                ("socket", qualifiers.sockets),
            ] {
                guard let matchers else { continue }
                guard !matchers.contains(.any) else { return nil }
                names += matchers.map { "\(kind) \($0)" }
            }
            return names
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
        let applications = applications(first, second)
        return applications.contains(true) && !applications.contains(false)
            && meet(first.users, second.users, by: meet) != false
    }

    /// Whether there are clients that match both: one filter asks for nothing that the other leaves open, but for users and
    /// groups, and what both ask for is the same beyond doubt.
    private static func areCertainlyShared(_ first: Qualifiers, _ second: Qualifiers) -> Bool {
        if first.hosts != nil, second.hosts != nil, !(first.canMatchLocal && second.canMatchLocal) { return true }
        let (mine, theirs) = (keys(first), keys(second))
        guard mine.isSubset(of: theirs) || theirs.isSubset(of: mine) else { return false }
        let users = meet(first.users, second.users) { $0 == .any || $1 == .any || $0 == $1 }
        let groups = meet(first.groups, second.groups) { $0 == .any || $1 == .any || $0 == $1 }
        return users != false && groups != false
    }

    private static func keys(_ qualifiers: Qualifiers) -> Set<Qualifier> {
        var keys = Set<Qualifier>()
        if qualifiers.apparmorProfiles != nil { keys.insert(.apparmorProfiles) }
        if qualifiers.flatpaks != nil { keys.insert(.flatpaks) }
        if qualifiers.sockets != nil { keys.insert(.sockets) }
        if qualifiers.units != nil { keys.insert(.units) }
        return keys
    }

    private static func applications(_ first: Qualifiers, _ second: Qualifiers) -> [Bool?] {
        [
            meet(first.apparmorProfiles, second.apparmorProfiles, by: meet),
            meet(first.flatpaks, second.flatpaks, by: meet), meet(first.sockets, second.sockets, by: meet),
            meet(first.units, second.units, by: meet),
        ]
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
        if !first.hasWildcards { return second.matches(first.description) }
        if !second.hasWildcards { return first.matches(second.description) }
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

extension SharedClients.Conflict {
    /// The same in words.
    public func diagnostic(_ severity: Diagnostic.Severity) -> Diagnostic {
        let names = others.prefix(3).map { "'\($0.name)' (\($0.location))" }.joined(separator: ", ")
        let rest = others.count > 3 ? " and \(others.count - 3) more" : ""
        return Diagnostic(
            severity, isCertain ? .sharedClients : .maybeSharedClients, at: profile.location,
            isCertain
                ? "clients of filter '\(profile.name)' match others too, and are refused: \(names)\(rest)"
                : "a client of filter '\(profile.name)' may match others too, and would be refused: \(names)\(rest)",
            suggestion:
                "tell them apart by what says who they are for, or unite them: in a folder for --merged, or by 'grater-check merge'"
        )
    }
}
