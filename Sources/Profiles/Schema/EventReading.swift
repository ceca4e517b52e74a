import ControlProtocol

/// Reads `events`: what may be subscribed to, and what becomes of it.
extension ProfileReader {
    enum EventKey: String, CaseIterable {
        case suppress, response
    }

    mutating func events(_ node: YAMLNode) -> [Keyword: EventRule] {
        guard let entries = optionalMapping(node, "'events'") else { return [:] }
        var events: [Keyword: EventRule] = [:]
        var seen: [Keyword: SourceLocation] = [:]
        for entry in entries {
            guard let event = keyword(entry.key, .event) else { continue }
            if isRepeated(event, entry.key, &seen) { continue }
            events[event] = rule(entry, event)
        }
        return events
    }

    private mutating func rule(_ entry: YAMLEntry, _ event: Keyword) -> EventRule {
        var isSuppressed = false
        var response = RewriteRules.none
        for option in optionalMapping(entry.value, "the event \(event)") ?? [] {
            switch EventKey(rawValue: option.key.text) {
            case .suppress: isSuppressed = boolean(option.value, "'suppress'") ?? true
            case .response: response = self.response(option.value)
            case nil: unknownKey(option.key, of: "an event", among: EventKey.allCases.map(\.rawValue))
            }
        }
        if isSuppressed, !response.isEmpty {
            diagnostics.warning(
                .unusedKey, at: entry.key.location, "'response' has no use for an event that is suppressed")
        }
        return EventRule(isSuppressed: isSuppressed, response: response, location: entry.key.location)
    }
}
