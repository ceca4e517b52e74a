/// The key `own-listeners`.
extension ProfileReader {
    /// `true`, `false`, or `{within: SECONDS}`.
    mutating func ownListeners(_ node: YAMLNode) -> OwnListeners? {
        guard case .mapping(let entries) = node.content else {
            if case .scalar(let scalar) = node.content, let isOn = scalar.boolean {
                return isOn ? OwnListeners(grace: 0) : nil
            }
            diagnostics.error(
                .wrongType, at: node.location, "'own-listeners' must be true, false or {within: SECONDS}",
                suggestion: "'true' lets a service lead only to where the application listens already")
            return nil
        }
        var grace: Int?
        for entry in entries {
            guard entry.key.text == "within" else {
                unknownKey(entry.key, of: "'own-listeners'", among: ["within"])
                continue
            }
            grace = seconds(entry.value)
        }
        if entries.isEmpty {
            diagnostics.error(
                .missingKey, at: node.location, "'own-listeners' lacks its key 'within'", suggestion: "write 'true'")
        }
        return grace.map(OwnListeners.init)
    }

    private mutating func seconds(_ node: YAMLNode) -> Int? {
        guard let scalar = text(node, "'within'") else { return nil }
        guard let seconds = Int(scalar.text), (1...OwnListeners.longestGrace).contains(seconds) else {
            diagnostics.error(
                .invalidValue, at: scalar.location,
                "\(quoted(scalar.text)) is not a number of seconds from 1 to \(OwnListeners.longestGrace)")
            return nil
        }
        return seconds
    }

    /// Reports where `own-listeners` cannot do what its author expects.
    mutating func checkListeners(_ policy: Policy, _ qualifiers: Qualifiers, at location: SourceLocation) {
        guard policy.ownListeners != nil else { return }
        if policy.commands["ADD_ONION"] == nil, policy.mode == .enforce {
            diagnostics.warning(
                .idleOwnListeners, at: location,
                "'own-listeners' has no effect: the filter has no rule for ADD_ONION")
        } else if qualifiers.hosts != nil, !qualifiers.canMatchLocal {
            diagnostics.warning(
                .remoteOwnListeners, at: location,
                "'own-listeners' keeps remote clients from every target on this machine",
                suggestion: "the kernel cannot tell where a remote client listens; leave the key out and put "
                    + "{client-address} into the 'replacement' of ADD_ONION")
        }
    }
}
