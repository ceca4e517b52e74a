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
                .invalidPattern, at: scalar.location(atUTF8Offset: error.position),
                "this pattern cannot be used: \(error.message)",
                suggestion: error.suggestion)
            return nil
        }
        if scalar.text.utf8.contains(UInt8(ascii: "\n")), !isVerbose(scalar.text) {
            diagnostics.warning(
                .lineBreak, at: scalar.location, "this pattern has a line break in it, which nothing can match",
                suggestion: "write it on one line, in single quotes")
        }
        if !alternationIsAnchored, let offset = TopLevelAlternation.offset(in: scalar.text) {
            diagnostics.warning(
                .pythonAlternation, at: scalar.location(atUTF8Offset: offset),
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
                .invalidReplacement, at: scalar.location(atUTF8Offset: error.position), error.message,
                suggestion: error.suggestion)
            return nil
        }
    }

    private enum RewriteKey: String, CaseIterable {
        case pattern, replacement
    }

    private enum ResponseKey: String, CaseIterable {
        case lines, otherwise
    }

    /// A `response`: a list of rewrites, or `{lines: LIST, otherwise: drop}`, which leaves out the lines that none matches.
    mutating func response(_ node: YAMLNode) -> RewriteRules {
        guard case .mapping(let entries) = node.content else { return RewriteRules(rewrites(node, isStrict: false)) }
        var values: [ResponseKey: YAMLNode] = [:]
        for entry in entries {
            if let key = ResponseKey(rawValue: entry.key.text) {
                values[key] = entry.value
            } else {
                unknownKey(entry.key, of: "'response'", among: ResponseKey.allCases.map(\.rawValue))
            }
        }
        for key in ResponseKey.allCases where values[key] == nil {
            diagnostics.error(.missingKey, at: node.location, "'response' lacks its key '\(key.rawValue)'")
        }
        let dropsOthers = values[.otherwise].map { otherwise($0) } ?? true
        return RewriteRules(values[.lines].map { rewrites($0, isStrict: true) } ?? [], dropsOthers: dropsOthers)
    }

    private mutating func otherwise(_ node: YAMLNode) -> Bool {
        guard let scalar = text(node, "'otherwise'") else { return true }
        if scalar.text == "pass" { return false }
        if scalar.text != "drop" {
            diagnostics.error(
                .invalidValue, at: scalar.location, "\(quoted(scalar.text)) is not what can become of lines",
                suggestion: "'drop' leaves out the lines that no pattern matches, 'pass' lets them through")
        }
        return true
    }

    private mutating func rewrites(_ node: YAMLNode, isStrict: Bool) -> [RewriteRules.Rewrite] {
        (list(node, isStrict ? "'lines'" : "'response'") ?? []).compactMap { rewrite($0, isStrict: isStrict) }
    }

    /// Where only lines that a pattern matches get through, a pattern alone, or without a replacement, lets one through as it is.
    private mutating func rewrite(_ node: YAMLNode, isStrict: Bool) -> RewriteRules.Rewrite? {
        let what = isStrict ? "'lines'" : "'response'"
        if isStrict, case .scalar = node.content {
            guard let scalar = text(node, "an element of \(what)"), let pattern = pattern(scalar) else { return nil }
            return RewriteRules.Rewrite(pattern: pattern, replacement: nil, location: node.location)
        }
        guard let entries = mapping(node, "an element of \(what)") else { return nil }
        var values: [RewriteKey: YAMLNode] = [:]
        for entry in entries {
            if let key = RewriteKey(rawValue: entry.key.text) {
                values[key] = entry.value
            } else {
                unknownKey(entry.key, of: "a rewrite", among: RewriteKey.allCases.map(\.rawValue))
            }
        }
        for key in RewriteKey.allCases where values[key] == nil && !(isStrict && key == .replacement) {
            diagnostics.error(.missingKey, at: node.location, "an element of \(what) needs a '\(key.rawValue)'")
        }
        guard let patternNode = values[.pattern], let scalar = text(patternNode, "'pattern'"),
            let pattern = self.pattern(scalar)
        else { return nil }
        guard let replacementNode = values[.replacement] else {
            return isStrict ? RewriteRules.Rewrite(pattern: pattern, replacement: nil, location: node.location) : nil
        }
        guard let replacement = template(replacementNode, "'replacement'", for: pattern) else { return nil }
        return RewriteRules.Rewrite(pattern: pattern, replacement: replacement, location: node.location)
    }
}
