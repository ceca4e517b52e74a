import ControlProtocol
import Profiles

/// The replies and events that a filter of roflcoptor lets through, as rewrites.
struct RoflcoptorReplies {
    private let sieve: RoflcoptorFilter.Sieve
    /// Of events.
    private let scrubs: [RoflcoptorScrub]

    init(_ sieve: RoflcoptorFilter.Sieve, scrubs: [RoflcoptorScrub]) {
        self.sieve = sieve
        self.scrubs = scrubs
    }

    /// A scrub expression for an event; one for replies looks at all lines of a reply together, as no rewrite does.
    static func scrub(_ item: RoflcoptorFilter.Replacement) throws(RoflcoptorScrub.Loss) -> RoflcoptorScrub {
        let scrub = try RoflcoptorScrub(item.line.text, item.replacement, wordCount: 2)
        let words = scrub.beginning.split(separator: " ")
        guard words[0] == "650", KnownWords.event.all.contains(String(words[1])), scrub.replacement.hasPrefix("650 ")
        else {
            throw RoflcoptorScrub.Loss(
                reason: "only a scrub expression for an event, which stays one, can be carried over",
                suggestion: "write a 'response' for the reply that is meant")
        }
        return scrub
    }

    static func rewrite(_ pattern: String, _ replacement: String) -> CommentedNode {
        .mapping([("pattern", .text(pattern)), ("replacement", .text(replacement))])
    }

    /// Whether all lines that begin with `line` pass.
    func passes(_ line: String) -> Bool {
        sieve.allowedPrefixes.contains { line.lowercased().hasPrefix($0.text.lowercased()) }
    }

    /// What makes of the reply to a keyword what roflcoptor made of it; nil if nothing of it passes.
    ///
    /// Of several keywords it looks at the first alone, and so does this.
    func rewrites(of keywords: String, isPrefix: Bool) -> [CommentedNode]? {
        let keyword = String(keywords.prefix { $0 != " " })
        let starts = ["250-", "250 ", "250+"].map { $0 + keyword }
        let replaced = replacements(of: starts)
        if isPrefix {
            let isKnown = sieve.allowedPrefixes.contains { prefix in
                starts.contains { Self.meet($0, prefix.text) }
            }
            return isKnown || !replaced.isEmpty ? replaced : nil
        }
        if starts.contains(where: { passes($0 + "=") }) { return replaced }
        let allowed = sieve.allowed.filter { line in starts.contains { Self.isAbout(line.text, $0) } }
        let beginnings = sieve.allowedPrefixes.filter { line in starts.contains { Self.isAbout(line.text, $0) } }
        guard !allowed.isEmpty || !beginnings.isEmpty || !replaced.isEmpty else { return nil }
        let kept = allowed.filter { $0.text.contains("=") }.map { line in
            Self.rewrite(Self.normal(ArgumentShape.escaped(line.text)), Self.normal(ArgumentShape.braced(line.text)))
        }
        let begun = beginnings.map {
            Self.rewrite("(\(Self.normal(ArgumentShape.escaped($0.text))).*)", "{}")
        }
        // A line without a value is what GETCONF says of an option that is not set.
        let unset = allowed.first { !$0.text.contains("=") }.map { Self.normal(ArgumentShape.braced($0.text)) }
        let rest = Self.rewrite(
            "(?i:250-\(ArgumentShape.escaped(keyword)))=.*", unset ?? "250-\(ArgumentShape.braced(keyword))=")
        return replaced + kept + begun + [rest]
    }

    /// What makes of an event what roflcoptor made of it; nil if nothing of it passes.
    func rewrites(ofEvent event: Keyword) -> [CommentedNode]? {
        let start = "650 \(event)"
        let scrubbed = scrubs.filter { $0.beginning == start + " " }.map {
            Self.rewrite(ArgumentShape.escaped($0.beginning) + $0.pattern, $0.replacement)
        }
        let replaced = replacements(of: [start]) + scrubbed
        if passes(start) { return replaced }
        let exact = sieve.allowed.filter { Self.isAbout($0.text, start) }.map {
            Self.rewrite(ArgumentShape.escaped($0.text), ArgumentShape.braced($0.text))
        }
        let beginnings = sieve.allowedPrefixes.filter { Self.isAbout($0.text, start) }.map {
            Self.rewrite("(\(ArgumentShape.escaped($0.text)).*)", "{}")
        }
        guard !exact.isEmpty || !beginnings.isEmpty || !replaced.isEmpty else { return nil }
        return replaced + exact + beginnings + [Self.rewrite(".*", "")]
    }

    private func replacements(of starts: [String]) -> [CommentedNode] {
        let prefixes = sieve.replacementPrefixes.filter { item in starts.contains { Self.isAbout(item.line.text, $0) } }
        let lines = sieve.replacements.filter { item in starts.contains { Self.isAbout(item.line.text, $0) } }
        return prefixes.map { item in
            Self.rewrite(
                Self.normal(ArgumentShape.escaped(item.line.text)) + ".*", ArgumentShape.braced(item.replacement))
        }
            + lines.map { item in
                Self.rewrite(
                    Self.normal(ArgumentShape.escaped(item.line.text)), ArgumentShape.braced(item.replacement))
            }
    }

    /// Whether a line is about what another one begins with.
    private static func isAbout(_ line: String, _ start: String) -> Bool {
        guard line.lowercased().hasPrefix(start.lowercased()) else { return false }
        let next = line.dropFirst(start.count).first
        return next == nil || next == "=" || next == " "
    }

    private static func meet(_ first: String, _ second: String) -> Bool {
        let (one, other) = (first.lowercased(), second.lowercased())
        return one.hasPrefix(other) || other.hasPrefix(one)
    }

    /// The form in which rewrites see all lines of a reply.
    private static func normal(_ line: String) -> String {
        for start in ["250 ", "250\\+", "250+"] where line.hasPrefix(start) {
            return "250-" + line.dropFirst(start.count)
        }
        return line
    }
}
