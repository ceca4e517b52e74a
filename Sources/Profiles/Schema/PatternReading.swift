import LinearPattern

/// Reads patterns, the replacements that go with them, and lists of both.
extension ProfileReader {
    /// `alternationIsAnchored`: where the original, too, takes the whole pattern as one.
    mutating func pattern(
        _ scalar: YAMLScalar, _ options: Pattern.Options = [], alternationIsAnchored: Bool = false
    ) -> Pattern? {
        let pattern: Pattern
        do {
            pattern = try Pattern(scalar.text, options: options)
        } catch {
            diagnostics.error(
                at: scalar.location(atUTF8Offset: error.position), "this pattern cannot be used: \(error.message)",
                suggestion: error.suggestion)
            return nil
        }
        if scalar.text.utf8.contains(UInt8(ascii: "\n")), !isVerbose(scalar.text) {
            diagnostics.warning(
                at: scalar.location, "this pattern has a line break in it, which nothing can match",
                suggestion: "write it on one line, in single quotes")
        }
        if !alternationIsAnchored, let offset = TopLevelAlternation.offset(in: scalar.text) {
            diagnostics.warning(
                at: scalar.location(atUTF8Offset: offset),
                "the Python onion-grater takes only the last alternative of this pattern as a whole, the others as beginnings",
                suggestion: "put the alternatives in (?:…)")
        }
        return pattern
    }

    /// Whether it begins with flags of which one lets it be spread over lines.
    private func isVerbose(_ pattern: String) -> Bool {
        pattern.hasPrefix("(?") && pattern.dropFirst(2).prefix { $0.isLetter }.contains("x")
    }

    mutating func template(_ node: YAMLNode, _ what: String, for pattern: Pattern) -> Template? {
        guard let scalar = text(node, what) else { return nil }
        do {
            return try Template.parse(scalar.text, for: pattern)
        } catch {
            diagnostics.error(
                at: scalar.location(atUTF8Offset: error.position), error.message, suggestion: error.suggestion)
            return nil
        }
    }

    private enum RewriteKey: String, CaseIterable {
        case pattern, replacement
    }

    mutating func rewrites(_ node: YAMLNode, _ what: String) -> RewriteRules {
        var rewrites: [RewriteRules.Rewrite] = []
        for node in list(node, what) ?? [] {
            if let rewrite = rewrite(node, what) { rewrites.append(rewrite) }
        }
        return RewriteRules(rewrites)
    }

    private mutating func rewrite(_ node: YAMLNode, _ what: String) -> RewriteRules.Rewrite? {
        guard let entries = mapping(node, "an element of \(what)") else { return nil }
        var values: [RewriteKey: YAMLNode] = [:]
        for entry in entries {
            if let key = RewriteKey(rawValue: entry.key.text) {
                values[key] = entry.value
            } else {
                unknownKey(entry.key, of: "a rewrite", among: RewriteKey.allCases.map(\.rawValue))
            }
        }
        for key in RewriteKey.allCases where values[key] == nil {
            diagnostics.error(at: node.location, "an element of \(what) needs a '\(key.rawValue)'")
        }
        guard let patternNode = values[.pattern], let replacementNode = values[.replacement],
            let scalar = text(patternNode, "'pattern'"), let pattern = self.pattern(scalar),
            let replacement = template(replacementNode, "'replacement'", for: pattern)
        else { return nil }
        return RewriteRules.Rewrite(pattern: pattern, replacement: replacement, location: node.location)
    }
}
