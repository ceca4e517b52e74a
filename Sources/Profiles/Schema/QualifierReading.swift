/// Reads the keys that say who a filter is for.
///
/// A list that cannot be read is an error of the file; it is never dropped from a filter that is used, for fewer
/// qualifiers match more clients.
extension ProfileReader {
    mutating func read(_ key: Qualifier, _ node: YAMLNode, into qualifiers: inout Qualifiers) {
        switch key {
        case .apparmorProfiles: qualifiers.apparmorProfiles = names(node, key.rawValue)
        case .users: qualifiers.users = accounts(node, key.rawValue)
        case .groups: qualifiers.groups = accounts(node, key.rawValue)
        case .units: qualifiers.units = labels(node, key.rawValue).map { UnitMatcher($0.text) }
        case .flatpaks: qualifiers.flatpaks = names(node, key.rawValue)
        case .sockets: qualifiers.sockets = names(node, key.rawValue)
        case .hosts: qualifiers.hosts = hosts(node)
        }
    }

    mutating func labels(_ node: YAMLNode, _ key: String) -> [(text: String, location: SourceLocation)] {
        guard let nodes = list(node, quoted(key)) else { return [] }
        if nodes.isEmpty {
            diagnostics.warning(.emptyList, at: node.location, "an empty list of \(quoted(key)) matches nobody")
        }
        var labels: [(text: String, location: SourceLocation)] = []
        for node in nodes {
            if let text = label(node, "an element of \(quoted(key))") { labels.append((text, node.location)) }
        }
        return labels
    }

    mutating func names(_ node: YAMLNode, _ key: String) -> [NameMatcher] {
        labels(node, key).map { NameMatcher($0.text) }
    }

    mutating func accounts(_ node: YAMLNode, _ key: String) -> [AccountMatcher] {
        var accounts: [AccountMatcher] = []
        for (text, location) in labels(node, key) {
            guard let account = AccountMatcher(text) else {
                diagnostics.error(
                    .invalidValue, at: location,
                    "\(quoted(text)) is neither a name nor a number from 0 to 4294967294, in decimal")
                continue
            }
            accounts.append(account)
        }
        return accounts
    }

    mutating func hosts(_ node: YAMLNode) -> [HostMatcher] {
        var hosts: [HostMatcher] = []
        for (text, location) in labels(node, "hosts") {
            guard let host = HostMatcher(text) else {
                diagnostics.error(
                    .invalidValue, at: location,
                    "\(quoted(text)) is not an IP address, a network such as 10.0.0.0/8, or '*'",
                    suggestion: "host names are not looked up")
                continue
            }
            if case .network = host, text.utf8.contains(UInt8(ascii: "/")), !hasNoHostBits(text, host) {
                diagnostics.warning(.wideNetwork, at: location, "\(quoted(text)) means the whole network \(host)")
            }
            hosts.append(host)
        }
        return hosts
    }

    /// Whether the address that `text` writes before the slash is the network's own.
    private func hasNoHostBits(_ text: String, _ host: HostMatcher) -> Bool {
        guard case .network(let network, _) = host, let slash = text.firstIndex(of: "/") else { return true }
        return HostMatcher(String(text[..<slash])) == .network(network, prefix: network.bytes.count * 8)
    }
}
