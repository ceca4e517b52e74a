import ControlProtocol

extension Qualifiers {
    /// Whether a filter with these qualifiers is for `client`: all of those that are about clients of its origin must match.
    public func match(_ client: ClientDescription) -> Bool {
        switch client.origin {
        case .remote: matches(.hosts, client) ?? false
        case .local: canMatchLocal && Self.local.allSatisfy { matches($0, client) ?? true }
        }
    }

    /// All the reasons why `match` is false; none if it is true.
    public func mismatches(_ client: ClientDescription) -> [Mismatch] {
        let differing = differing(client).map { qualifier in
            Mismatch.differs(qualifier, wanted: elements(qualifier), found: qualifier.values(of: client))
        }
        return (structuralMismatch(client).map { [$0] } ?? []) + differing
    }

    /// How far a filter with these qualifiers is from matching `client`, for comparing.
    func distance(from client: ClientDescription) -> Distance {
        let differing = differing(client)
        let matching = Qualifier.allCases.filter { matches($0, client) == true && elements($0) != ["*"] }
        let likeness = differing.map { qualifier in
            elements(qualifier).map { element in
                qualifier.values(of: client).map { qualifier.likeness($0, element) }.max() ?? 0
            }.max() ?? 0
        }
        return Distance(
            isStructural: structuralMismatch(client) != nil,
            missingEvidence: -matching.map(\.weight).reduce(0, +),
            unlikeness: -(likeness.max() ?? 0), mismatchCount: differing.count)
    }

    /// Why no client of this client's origin matches.
    private func structuralMismatch(_ client: ClientDescription) -> Mismatch? {
        switch client.origin {
        case .remote: hosts == nil ? .isForLocalClients : nil
        case .local where lacksUsers: .lacksUsers
        case .local: canMatchLocal ? nil : .namesNoApplication
        }
    }

    private func differing(_ client: ClientDescription) -> [Qualifier] {
        let relevant: [Qualifier] = if case .remote = client.origin { [.hosts] } else { Self.local }
        return relevant.filter { matches($0, client) == false }
    }

    private static let local = Qualifier.allCases.filter { $0 != .hosts }

    /// Whether an element of the qualifier matches; nil if it is not given.
    private func matches(_ qualifier: Qualifier, _ client: ClientDescription) -> Bool? {
        switch qualifier {
        case .apparmorProfiles:
            let name = client.applicationName
            return apparmorProfiles?.contains { $0.matches(name) }
        case .users: return users?.contains { $0.matches(id: client.uid, name: client.userName) }
        case .groups:
            return groups?.contains { group in
                group == .any || client.gids.contains { group.matches(id: $0, name: nil) }
                    || client.groupNames.contains { group.matches(id: nil, name: $0) }
            }
        case .units: return units?.contains { $0.matches(client.unit) }
        case .flatpaks: return flatpaks?.contains { $0.matches(client.flatpak) }
        case .sockets: return sockets?.contains { $0.matches(client.socket) }
        case .hosts:
            guard case .remote(let address) = client.origin else { return hosts.map { _ in false } }
            return hosts?.contains { $0.matches(address) }
        }
    }

    private func elements(_ qualifier: Qualifier) -> [String] {
        switch qualifier {
        case .apparmorProfiles: apparmorProfiles?.map(\.description) ?? []
        case .users: users?.map(\.description) ?? []
        case .groups: groups?.map(\.description) ?? []
        case .units: units?.map(\.description) ?? []
        case .flatpaks: flatpaks?.map(\.description) ?? []
        case .sockets: sockets?.map(\.description) ?? []
        case .hosts: hosts?.map(\.description) ?? []
        }
    }
}

/// A filter's distance from matching a client: by the kind of qualifiers that match first, then by the similarity of the rest.
struct Distance: Comparable {
    /// Whether no client of this client's origin matches.
    let isStructural: Bool
    /// The less, the more matches, and the more that says of the client.
    let missingEvidence: Int
    /// The less, the more alike is what does not match.
    let unlikeness: Int
    let mismatchCount: Int

    static func < (left: Distance, right: Distance) -> Bool {
        if left.isStructural != right.isStructural { return right.isStructural }
        return (left.missingEvidence, left.unlikeness, left.mismatchCount)
            < (right.missingEvidence, right.unlikeness, right.mismatchCount)
    }
}

extension Qualifier {
    /// How much a match says of which application a client is.
    fileprivate var weight: Int {
        switch self {
        case .apparmorProfiles, .flatpaks, .hosts: 8
        case .units: 4
        case .sockets: 2
        case .users, .groups: 1
        }
    }

    /// How alike a client's value and one that a filter lists are, from 0 to 100.
    fileprivate func likeness(_ value: String, _ listed: String) -> Int {
        if self == .hosts {
            return HostMatcher(listed).flatMap { host in IPAddress(value).map(host.likeness(to:)) } ?? 0
        }
        let (one, other) = (Array(value.utf8), Array(listed.utf8))
        let start = zip(one, other).prefix { $0 == $1 }.count
        let end = min(
            zip(one.reversed(), other.reversed()).prefix { $0 == $1 }.count, min(one.count, other.count) - start)
        return 100 * (start + end) / max(one.count, other.count, 1)
    }

    /// What is known of a client that this qualifier is compared with.
    func values(of client: ClientDescription) -> [String] {
        switch self {
        case .apparmorProfiles: [client.applicationName].compactMap(\.self)
        case .users: [client.userName, client.uid.map { String($0) }].compactMap(\.self)
        case .groups: client.groupNames + client.gids.map { String($0) }
        case .units: [client.unit?.description].compactMap(\.self)
        case .flatpaks: [client.flatpak].compactMap(\.self)
        case .sockets: [client.socket].compactMap(\.self)
        case .hosts: if case .remote(let address) = client.origin { [address.description] } else { [] }
        }
    }
}
