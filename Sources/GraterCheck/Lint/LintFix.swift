import Profiles

/// Corrects the findings of `lint` that have only one remedy, in the text of a profile.
///
/// Invariant: a correction stays only if what it corrects is found no more, and nothing else is found instead; whatever it
/// does not touch stays as it is, comments and layout too.
struct LintFix {
    /// The corrected text.
    private(set) var text: String
    /// What was corrected, with the places of the findings in the text that was given.
    private(set) var fixed: [Diagnostic] = []

    /// The findings that can be corrected.
    static let codes: Set<FindingCode> = [.equalsStar, .neverDecides]

    init(_ text: String, file: String) {
        self.text = text
        // From the end on, so that the places above stay the same.
        for diagnostic in Self.findings(text, file).reversed() where Self.codes.contains(diagnostic.code) {
            guard let corrected = Self.correct(diagnostic, in: self.text),
                Self.isOnlyWithout(
                    diagnostic, before: Self.findings(self.text, file), after: Self.findings(corrected, file))
            else { continue }
            self.text = corrected
            fixed.insert(diagnostic, at: 0)
        }
    }

    private static func findings(_ text: String, _ file: String) -> [Diagnostic] {
        let loaded = ProfileFile.parse(Array(text.utf8), file: file)
        return (loaded.diagnostics + loaded.profiles.flatMap { RuleLint($0.policy).diagnostics() }).inOrder
    }

    private static func correct(_ diagnostic: Diagnostic, in text: String) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let index = diagnostic.location.line - 1
        guard lines.indices.contains(index) else { return nil }
        switch diagnostic.code {
        case .equalsStar:
            // The rest of an entry may stand on the lines below its beginning.
            let near = lines[index...].prefix(3)
            guard let line = near.indices.first(where: { lines[$0].contains("=*") }),
                lines[line].ranges(of: "=*").count == 1
            else { return nil }
            lines[line] = lines[line].replacing("=*", with: "=.*")
        case .neverDecides:
            // An entry of one line, and nothing but that; what it says may have a comment above, which then is about nothing.
            guard isWholeEntry(lines, index), index == 0 || !isComment(lines[index - 1]) else { return nil }
            lines.remove(at: index)
        default: return nil
        }
        return lines.joined(separator: "\n")
    }

    private static func isComment(_ line: String) -> Bool { line.drop { $0 == " " }.first == "#" }

    /// Whether a line is `- 'pattern'`, with nothing of it on the next line.
    private static func isWholeEntry(_ lines: [String], _ index: Int) -> Bool {
        let indent = lines[index].prefix { $0 == " " }.count
        guard lines[index].dropFirst(indent).hasPrefix("- "), !lines[index].contains("#") else { return false }
        let entry = lines[index].dropFirst(indent + 2)
        guard let quote = entry.first, quote == "'" || quote == "\"", entry.last == quote, entry.count > 1 else {
            return false
        }
        guard let next = lines[(index + 1)...].first(where: { !$0.allSatisfy { $0 == " " } }) else { return true }
        return isComment(next) || next.prefix { $0 == " " }.count <= indent
    }

    /// Whether the two lists differ by one finding of this kind, whatever the places.
    private static func isOnlyWithout(_ diagnostic: Diagnostic, before: [Diagnostic], after: [Diagnostic]) -> Bool {
        func kinds(_ list: [Diagnostic]) -> [String] {
            list.map { "\($0.code.rawValue) \($0.severity.rawValue)" }.sorted()
        }
        var expected = kinds(before)
        guard let index = expected.firstIndex(of: "\(diagnostic.code.rawValue) \(diagnostic.severity.rawValue)") else {
            return false
        }
        expected.remove(at: index)
        return kinds(after) == expected
    }
}
