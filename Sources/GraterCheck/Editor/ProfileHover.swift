import Profiles

/// The help for the word under the pointer: the meaning of a key, command or event, and the hazards that the rule there opens.
struct ProfileHover {
    private let document: ProfileDocument

    init(_ document: ProfileDocument) {
        self.document = document
    }

    /// Markdown; nil where there is nothing to say.
    ///
    /// - Parameters:
    ///   - line: from 0.
    ///   - character: in UTF-16 code units.
    func text(line: Int, character: Int) -> String? {
        var parts = [String]()
        if let word = document.word(line: line, character: character) {
            let prefix = document.prefix(line: line, character: word.start)
            let context = CursorContext(above: document.lines[..<line], prefix: prefix)
            if let meaning = Self.meaning(of: word.text, at: context) { parts.append("**\(word.text)**: \(meaning)") }
        }
        parts += hazards(onLine: line + 1)
        return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
    }

    private static func meaning(of word: String, at context: CursorContext) -> String? {
        switch context.place {
        case .value: return nil
        case .key, .item:
            switch (context.path.first, context.path.count) {
            case (nil, _): return ProfileSchema.meanings[word]
            case ("commands", 1): return ControlWords.command(word)
            case ("events", 1): return ControlWords.event(word)
            case ("accept", 1):
                return HazardCatalogue.all.first { $0.id == word }.map { "a client \($0.title). \($0.explanation)" }
            case ("commands", _), ("events", _): return ProfileSchema.meanings[word]
            default: return nil
            }
        }
    }

    /// What `audit` finds that the rule on a line lets through.
    private func hazards(onLine line: Int) -> [String] {
        document.loaded.profiles.flatMap { profile in
            ProfileAudit(of: profile).reachable.compactMap { finding in
                guard case .reachable(let witness) = finding.outcome, witness.rules.contains(where: { $0.line == line })
                else { return nil }
                let hazard = finding.hazard
                let accepted = profile.accepted.first { $0.hazard == hazard.id }
                return "\(hazard.severity.rawValue) `\(hazard.id)`: a client \(hazard.title), with "
                    + "`\(WireText.escape(witness.command))`. \(hazard.explanation)"
                    + (accepted.map { " Accepted: \(SourceText.printable($0.reason))" } ?? " Instead: \(hazard.advice).")
            }
        }
    }
}
