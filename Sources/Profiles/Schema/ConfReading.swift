import ControlProtocol
import LinearPattern

/// Reads `confs`: the options of tor that may be read, and what they may be set to.
extension ProfileReader {
    mutating func confs(_ node: YAMLNode) -> [[UInt8]: ConfRule] {
        guard let entries = optionalMapping(node, "'confs'") else { return [:] }
        var confs: [[UInt8]: ConfRule] = [:]
        var seen: [[UInt8]: SourceLocation] = [:]
        for entry in entries {
            let name = Array(entry.key.text.utf8)
            guard ConfAssignment.isOptionName(name) else {
                diagnostics.error(
                    .invalidName, at: entry.key.location,
                    "\(quoted(entry.key.text)) is not the name of an option of tor",
                    suggestion: "an option has letters, digits and underscores; patterns go under 'commands'")
                continue
            }
            let key = name.lowercasedASCII
            if isRepeated(key, entry.key, &seen) { continue }
            confs[key] = ConfRule(name: name, values: values(entry), location: entry.key.location)
        }
        return confs
    }

    private mutating func values(_ entry: YAMLEntry) -> PatternSet {
        guard !isNull(entry.value), let nodes = list(entry.value, "the values of \(quoted(entry.key.text))") else {
            return PatternSet([])
        }
        var patterns: [Pattern] = []
        for node in nodes {
            if let scalar = text(node, "a value of \(quoted(entry.key.text))"),
                let pattern = pattern(scalar, alternationIsAnchored: true)
            {
                patterns.append(pattern)
            }
        }
        return PatternSet(patterns)
    }
}
