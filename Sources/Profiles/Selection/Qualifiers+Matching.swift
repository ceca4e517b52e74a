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

    /// How many reasons there are, found without putting them into words.
    func mismatchCount(_ client: ClientDescription) -> Int {
        (structuralMismatch(client) == nil ? 0 : 1) + differing(client).count
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

extension Qualifier {
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
