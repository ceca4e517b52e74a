import ControlProtocol
import LinearPattern

/// Reads `commands`: lists of rules by command.
extension ProfileReader {
    mutating func commands(_ node: YAMLNode) -> [Keyword: RuleSet] {
        guard let entries = optionalMapping(node, "'commands'") else { return [:] }
        var commands: [Keyword: RuleSet] = [:]
        var seen: [Keyword: SourceLocation] = [:]
        for entry in entries {
            guard let command = keyword(entry.key, .command) else { continue }
            if isRepeated(command, entry.key, &seen) { continue }
            if KnownWords.answeredCommands.contains(command) {
                diagnostics.note(
                    .answeredCommand, at: entry.key.location,
                    "\(command) is answered by onion-grater itself, whatever the rules say")
            }
            let rules = self.rules(entry.value, command)
            if command == "SETEVENTS" {
                diagnostics.warning(
                    .setEventsRules, at: entry.key.location, "rules for SETEVENTS are ignored",
                    suggestion: "list what may be subscribed to under 'events'")
            } else if !KnownWords.answeredCommands.contains(command) {
                commands[command] = RuleSet(rules)
            }
        }
        return commands
    }

    /// The name of a command or event; unknown to control-spec is a warning, impossible is an error.
    mutating func keyword(_ key: YAMLScalar, _ kind: KnownWords) -> Keyword? {
        guard let keyword = Keyword(key.text) else {
            let hasPlus = key.text.hasPrefix("+") && Keyword(key.text.dropFirst()) != nil
            diagnostics.error(
                .invalidName, at: key.location, "\(quoted(key.text)) is not the name of \(kind.phrase)",
                suggestion: hasPlus ? "write it without the '+'" : nil)
            return nil
        }
        if !kind.all.contains(keyword.description) {
            diagnostics.warning(
                .unknownWord, at: key.location, "tor knows no such \(kind.rawValue) as \(keyword)",
                suggestion: Spelling.suggestion(for: keyword.description, among: kind.all.sorted()))
        }
        return keyword
    }

    /// Reports a word that was already given in another spelling.
    mutating func isRepeated<Word: Hashable>(
        _ word: Word, _ key: YAMLScalar, _ seen: inout [Word: SourceLocation]
    ) -> Bool {
        guard let first = seen.updateValue(key.location, forKey: word) else { return false }
        diagnostics.error(
            .repeatedKey, at: key.location,
            "\(quoted(key.text)) was already given at line \(first.line), column \(first.column), in other letter case",
            suggestion: "remove one of them, or put their contents together")
        return true
    }

    enum RuleKey: String, CaseIterable {
        case pattern, replacement, response, answer
    }

    private mutating func rules(_ node: YAMLNode, _ command: Keyword) -> [Rule] {
        if isNull(node) {
            diagnostics.warning(
                .noRules, at: node.location, "\(command) has no rules, and so is denied",
                suggestion: "to allow it without arguments, write ['']")
            return []
        }
        var rules: [Rule] = []
        for node in list(node, "the rules of \(command)") ?? [] {
            if let rule = self.rule(node, command) { rules.append(rule) }
        }
        return rules
    }

    private mutating func rule(_ node: YAMLNode, _ command: Keyword) -> Rule? {
        let options: Pattern.Options =
            switch command {
            case "GETCONF": [.ignoreCase, .namedSpaces]
            // So that what is meant for the rest of one keyword does not let others in behind it.
            case "GETINFO": .namedSpaces
            default: []
            }
        guard case .mapping(let entries) = node.content else {
            guard let scalar = text(node, "a rule"), let pattern = self.pattern(scalar, options) else { return nil }
            return Rule(pattern: pattern, confName: confName(scalar, command), location: node.location)
        }
        var values: [RuleKey: YAMLNode] = [:]
        for entry in entries {
            if let key = RuleKey(rawValue: entry.key.text) {
                values[key] = entry.value
            } else {
                unknownKey(entry.key, of: "a rule", among: RuleKey.allCases.map(\.rawValue))
            }
        }
        guard let patternNode = values[.pattern] else {
            diagnostics.error(.missingKey, at: node.location, "a rule needs a 'pattern'")
            return nil
        }
        guard let scalar = text(patternNode, "'pattern'"),
            let pattern = self.pattern(scalar, options)
        else { return nil }
        var action = Rule.Action.forward
        if let answerNode = values[.answer] {
            for key in [RuleKey.replacement, .response] {
                guard let other = values[key] else { continue }
                diagnostics.error(
                    .unusedKey, at: other.location,
                    "'\(key.rawValue)' has no use beside 'answer': tor is never asked")
            }
            if let lines = answer(answerNode, command, pattern) { action = .answer(lines) }
        } else if let replacementNode = values[.replacement] {
            if let template = template(replacementNode, "'replacement'", for: pattern) { action = .rewrite(template) }
        }
        let response = values[.response].map { self.response($0) } ?? RewriteRules.none
        return Rule(
            pattern: pattern, action: action, response: response, confName: confName(scalar, command),
            location: node.location)
    }

    /// The option that a rule of GETCONF, SETCONF or RESETCONF is about, where its pattern names exactly one.
    private func confName(_ scalar: YAMLScalar, _ command: Keyword) -> [UInt8]? {
        guard command.namesOptions,
            // Case counts: the prefix must be the name as the profile spells it.
            let prefix = try? Pattern(scalar.text).literalPrefix
        else { return nil }
        let name: ArraySlice<UInt8>
        if command != "GETCONF", let end = prefix.bytes.firstIndex(of: UInt8(ascii: "=")) {
            name = prefix.bytes[..<end]
        } else if prefix.isWhole {
            name = prefix.bytes[...]
        } else {
            return nil
        }
        return ConfAssignment.isOptionName(name) ? Array(name) : nil
    }
}
