import ControlProtocol
import LinearPattern
import Profiles

/// Finds problems in rules that are well-formed: those that can never apply, and those that the Python onion-grater
/// understands differently. Each finding is proven by the languages of the patterns.
struct RuleLint {
    private let policy: Policy

    init(_ policy: Policy) {
        self.policy = policy
    }

    func diagnostics() -> [Diagnostic] {
        var found = [Diagnostic]()
        for (command, rules) in policy.commands.sorted(by: { $0.key.description < $1.key.description }) {
            found += shadowed(rules.rules.map { ($0.pattern, $0.location) }, "rule", command.alphabet)
            for rule in rules.rules {
                found += self.rewrites(
                    rule.response, ReplyLanguage.of(command, rule), ReplyLanguage.description(of: command))
                if command.setsOptions { found += smuggling(rule, command) }
            }
        }
        for (_, event) in policy.events.sorted(by: { $0.key.description < $1.key.description }) {
            found += self.rewrites(event.response, ReplyLanguage.event, "events begin with '650 ' and their name")
        }
        return found
    }

    /// Rules that match nothing, or nothing that those before them leave over.
    private func shadowed(
        _ rules: [(pattern: Pattern, location: SourceLocation)], _ what: String, _ alphabet: Alphabet
    ) -> [Diagnostic] {
        var found = [Diagnostic]()
        for (index, rule) in rules.enumerated() {
            let earlier = rules[..<index]
            let search = LanguageSearch(
                required: [rule.pattern], excluded: earlier.map(\.pattern), alphabet: alphabet)
            guard search.run() == .none else { continue }
            guard LanguageSearch(required: [rule.pattern], alphabet: alphabet).run() != .none else {
                found.append(
                    Diagnostic(
                        .warning, .neverMatches, at: rule.location,
                        "this \(what) can never match: no such text can come",
                        suggestion: "text is printable ASCII on one line"))
                continue
            }
            let alone = earlier.first { other in
                LanguageSearch(required: [rule.pattern], excluded: [other.pattern], alphabet: alphabet).run() == .none
            }
            let culprit =
                alone.map { "\(place($0.location, seenFrom: rule.location)) matches" }
                ?? "the \(what)s before it match"
            found.append(
                Diagnostic(
                    .warning, .neverDecides, at: rule.location,
                    "this \(what) never decides: \(culprit) everything it matches",
                    suggestion: "put it first, or leave it out"))
        }
        return found
    }

    private func place(_ location: SourceLocation, seenFrom other: SourceLocation) -> String {
        location.file == other.file ? "line \(location.line)" : "\(location.file):\(location.line)"
    }

    /// - Parameter description: what tor does say there.
    private func rewrites(_ response: RewriteRules, _ replies: Pattern?, _ description: String) -> [Diagnostic] {
        let shadowed = shadowed(response.rewrites.map { ($0.pattern, $0.location) }, "rewrite", .printable)
        return shadowed + response.rewrites.compactMap { rewrite in replies.flatMap { dead(rewrite, $0, description) } }
    }

    /// A rewrite that is about whole lines, but not about any that tor says here.
    private func dead(_ rewrite: RewriteRules.Rewrite, _ replies: Pattern, _ description: String) -> Diagnostic? {
        guard !ReplyLanguage.matchesBareValues(rewrite.pattern) else { return nil }
        if LanguageSearch(required: [rewrite.pattern, replies]).run() == .none {
            return Diagnostic(
                .warning, .deadRewrite, at: rewrite.location,
                "this rewrite is about a line that tor never replies here",
                suggestion: description)
        }
        if rewrite.pattern.source.contains("=*"), ReplyLanguage.matchesOnlyEmptyValues(rewrite.pattern) {
            return Diagnostic(
                .warning, .equalsStar, at: rewrite.location,
                "'=*' means any number of '=', so this rewrite matches no value",
                suggestion: "did you mean '=.*'?")
        }
        return nil
    }

    /// A value that could bring in a second option in the Python original, which knows only the whole argument string.
    private func smuggling(_ rule: Rule, _ command: Keyword) -> [Diagnostic] {
        guard let second = try? Pattern(#"[^ ="]+=[^ "]* Nickname=x"#),
            case .found(let example) = LanguageSearch(required: [rule.pattern, second]).run()
        else { return [] }
        return [
            Diagnostic(
                .note, .pythonSmuggling, at: rule.location,
                "the Python onion-grater lets further options through behind this one: '\(command) \(WireText.escape(example))'",
                suggestion: "here each option is judged by itself; for both, write values without spaces, as in [01]")
        ]
    }
}
