import Profiles
import ServiceInterface

/// Writes audits as one HTML page that stands by itself: no scripts, nothing loaded from elsewhere, light and dark, printable.
///
/// Above stands a grid of profiles by hazards; each of its cells leads to the finding, and each finding to the rules.
struct AuditPage {
    private let audits: [ProfileAudit]
    private var sources = SourceLines()

    init(_ audits: [ProfileAudit]) {
        self.audits = audits
    }

    /// What the page shows of one hazard in one profile. Each has a sign of its own: color alone says nothing.
    private enum Mark {
        case reachable(HazardSeverity)
        case accepted(HazardSeverity)
        case undecided
        case hidden
        case proven

        init(_ finding: HazardFinding, in audit: ProfileAudit) {
            let isAccepted = audit.acceptance(of: finding.hazard) != nil
            self =
                switch finding.outcome {
                case .reachable: isAccepted ? .accepted(finding.hazard.severity) : .reachable(finding.hazard.severity)
                case .undecided: .undecided
                case .hidden: .hidden
                case .unreachable: .proven
                }
        }

        var sign: String {
            switch self {
            case .reachable: "●"
            case .accepted: "◐"
            case .undecided: "?"
            case .hidden: "○"
            case .proven: "·"
            }
        }

        var style: String {
            switch self {
            case .reachable(let severity): "reachable \(severity.rawValue)"
            case .accepted(let severity): "accepted \(severity.rawValue)"
            case .undecided: "undecided"
            case .hidden: "hidden"
            case .proven: "proven"
            }
        }

        var meaning: String {
            switch self {
            case .reachable: "reachable"
            case .accepted: "reachable, and accepted"
            case .undecided: "not decided"
            case .hidden: "hidden by rewrites in all examples tried"
            case .proven: "proven unreachable"
            }
        }
    }

    /// The whole document.
    var text: String {
        mutating get {
            let title = "Audit of \(audits.count == 1 ? "a profile" : "\(audits.count) profiles")"
            var parts = [
                """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <title>\(title)</title>
                <style>
                \(Self.styleSheet)</style>
                </head>
                <body>
                <h1>\(title)</h1>
                <p>What clients can do with what their profiles allow, as grater-check \(Release.version) finds it.
                \(summary)</p>
                """,
                legend, grid,
            ]
            for index in audits.indices { parts.append(section(index)) }
            return parts.joined(separator: "\n") + "\n</body>\n</html>\n"
        }
    }

    private var hazards: [Hazard] {
        HazardSeverity.allCases.reversed().flatMap { severity in HazardCatalogue.all.filter { $0.severity == severity }
        }
    }

    private var summary: String {
        let open = audits.map { audit in
            audit.findings.count { if case .reachable = Mark($0, in: audit) { true } else { false } }
        }
        let total = open.reduce(0, +)
        let concerned = open.count { $0 > 0 }
        return total == 0
            ? "No hazard is reachable that the profiles do not accept."
            : "Hazards that are reachable and not accepted: \(total), in \(concerned) of \(audits.count) profiles."
    }

    private var legend: String {
        let marks: [Mark] = [.reachable(.critical), .accepted(.medium), .undecided, .hidden, .proven]
        let items = marks.map { "<li><span class=\"mark \($0.style)\">\($0.sign)</span> \($0.meaning)</li>" }
        return "<ul class=\"legend\">\(items.joined())</ul>"
    }

    private var grid: String {
        let groups = HazardSeverity.allCases.reversed().map { severity in
            let count = hazards.count { $0.severity == severity }
            return count > 0
                ? "<th class=\"severity \(severity.rawValue)\" colspan=\"\(count)\">\(severity.rawValue)</th>" : ""
        }
        let names = hazards.map { hazard in
            "<th scope=\"col\" title=\"\(Self.escape("a client \(hazard.title)"))\"><span>\(hazard.id)</span></th>"
        }
        let rows = audits.enumerated().map { index, audit in
            let cells = hazards.map { hazard in
                guard let finding = audit.findings.first(where: { $0.hazard.id == hazard.id }) else {
                    return "<td></td>"
                }
                let mark = Mark(finding, in: audit)
                let title = Self.escape("\(hazard.id) (\(hazard.severity.rawValue)): \(mark.meaning)")
                return
                    "<td class=\"mark \(mark.style)\"><a href=\"#\(Self.anchor(index, hazard))\" title=\"\(title)\">\(mark.sign)</a></td>"
            }
            return
                "<tr><th scope=\"row\"><a href=\"#p\(index)\">\(Self.escape(audit.profile.name))</a></th>\(cells.joined())</tr>"
        }
        return """
            <div class="grid"><table>
            <thead><tr><td></td>\(groups.joined())</tr>
            <tr class="names"><td></td>\(names.joined())</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div>
            """
    }

    private static func anchor(_ index: Int, _ hazard: Hazard) -> String { "p\(index)-\(hazard.id)" }

    private mutating func section(_ index: Int) -> String {
        let audit = audits[index]
        var parts = [
            "<section id=\"p\(index)\">",
            "<h2>\(Self.escape(audit.profile.name))</h2>",
            "<p class=\"file\">\(Self.escape(audit.profile.location.file))</p>",
        ]
        let ordered = hazards.compactMap { hazard in audit.findings.first { $0.hazard.id == hazard.id } }
        for finding in ordered { parts += self.finding(finding, index) }
        for diagnostic in audit.idleAcceptances {
            parts.append("<p>Line \(diagnostic.location.line): \(Self.escape(diagnostic.message)).</p>")
        }
        let proven = ordered.filter { if case .unreachable = $0.outcome { true } else { false } }
        let names = proven.map { "<li id=\"\(Self.anchor(index, $0.hazard))\"><code>\($0.hazard.id)</code></li>" }
        if !proven.isEmpty {
            parts.append(
                "<h3><span class=\"mark proven\">·</span> Proven unreachable</h3><ul class=\"proven\">\(names.joined())</ul>"
            )
        }
        parts.append(source(index))
        return parts.joined(separator: "\n") + "\n</section>"
    }

    private mutating func finding(_ finding: HazardFinding, _ index: Int) -> [String] {
        let audit = audits[index]
        let hazard = finding.hazard
        let mark = Mark(finding, in: audit)
        var rows = [(String, String)]()
        switch finding.outcome {
        case .unreachable: return []
        case .undecided(let rules):
            rows.append(("Why", Self.escape("The search for an example gave up at these rules.")))
            rows += rules.prefix(3).map { ("Rule", link($0, index)) }
        case .reachable(let witness), .hidden(let witness):
            rows.append(("Client", Self.code(WireText.escape(witness.command))))
            if witness.received != witness.command {
                rows.append(("To tor", Self.code(WireText.escape(witness.received))))
            }
            for line in witness.seen.map(WireText.shownLines) ?? [] where line != "250 OK" && line != "." {
                rows.append(("Learns", Self.code(line)))
            }
            rows += witness.rules.map { ("Rule", link($0, index)) }
            rows.append(("Why", Self.escape(hazard.explanation)))
        }
        if let accepted = audit.acceptance(of: hazard) {
            rows.append(("Accepted", Self.escape(accepted.reason)))
        } else if case .reachable = finding.outcome {
            rows.append(("Instead", Self.escape(hazard.advice)))
            if case .reachable(let witness) = finding.outcome, let remedy = HazardRemedy(for: hazard, witness) {
                rows.append(("Or add", Self.code(remedy.text)))
            }
        }
        let lines = rows.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }
        return [
            """
            <h3 id="\(Self.anchor(index, hazard))"><span class="mark \(mark.style)">\(mark.sign)</span> <code>\(hazard.id)</code> \
            <span class="severity \(hazard.severity.rawValue)">\(hazard.severity.rawValue)</span></h3>
            <p>\(mark.meaning.prefix(1).uppercased())\(mark.meaning.dropFirst()): a client \(Self.escape(hazard.title)).</p>
            <dl>\(lines.joined())</dl>
            """
        ]
    }

    /// A rule's line, leading to its place in the file if that is shown.
    private mutating func link(_ rule: SourceLocation, _ index: Int) -> String {
        let text = Self.code(SourceLines.withoutIndent(sources.line(rule.line, of: rule.file) ?? ""))
        guard rule.file == audits[index].profile.location.file else { return "\(Self.escape("\(rule)")) \(text)" }
        return "<a href=\"#p\(index)-line-\(rule.line)\">line \(rule.line)</a> \(text)"
    }

    /// The profile itself, with its lines numbered.
    private mutating func source(_ index: Int) -> String {
        let file = audits[index].profile.location.file
        var lines = [String]()
        while let line = sources.line(lines.count + 1, of: file) {
            lines.append("<li id=\"p\(index)-line-\(lines.count + 1)\"><code>\(Self.escape(line))</code></li>")
        }
        guard !lines.isEmpty else { return "" }
        return
            "<details open><summary>The profile</summary><ol class=\"source\">\n\(lines.joined(separator: "\n"))\n</ol></details>"
    }

    /// What profiles say is shown, and does nothing.
    private static func escape(_ text: some StringProtocol) -> String { MarkupText.escape(SourceText.printable(text)) }

    private static func code(_ text: String) -> String { "<code>\(Self.escape(text))</code>" }

    private static let styleSheet = """
        :root { color-scheme: light dark; --text: #1c1b22; --faint: #5b5b66; --line: #d0d0d7; --back: #ffffff;
          --shade: #f4f4f6; --critical: #b5002f; --high: #b5002f; --medium: #8a5a00; --low: #0a5fb4; --note: #5b5b66;
          --good: #1b6e2d; }
        @media (prefers-color-scheme: dark) { :root { --text: #ececf1; --faint: #a9a9b6; --line: #45454f; --back: #19181f;
          --shade: #24232c; --critical: #ff8a9f; --high: #ff8a9f; --medium: #f0b75b; --low: #84bdff; --note: #a9a9b6;
          --good: #7fd494; } }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 75rem;
          margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; } h2 { margin: 3rem 0 0; border-top: 1px solid var(--line); padding-top: 1.5rem; }
        h3 { margin: 1.5rem 0 0; font-size: 1rem; } h3 + p { margin: .2rem 0; }
        a { color: inherit; } .file { margin: 0; color: var(--faint); font-family: ui-monospace, monospace; font-size: .85rem; }
        code { font: .85rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
        .legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; }
        .grid { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; }
        .grid td, .grid th { border: 1px solid var(--line); padding: 0; } thead td { border: 0 !important; }
        tbody th { text-align: right; padding: 0 .5rem !important; white-space: nowrap; font-weight: 500; }
        .names th { height: 13.5rem; vertical-align: bottom; font-weight: 400; }
        .names span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; padding: .3rem 0; }
        tbody td { min-width: 1.35rem; height: 1.5rem; text-align: center; } tbody td a { display: block; text-decoration: none; }
        tbody tr:hover { background: var(--shade); } tbody th a { text-decoration: none; }
        .severity { font-size: .8rem; font-weight: 600; } .mark { font-weight: 700; }
        .critical { color: var(--critical); } .high { color: var(--high); } .medium { color: var(--medium); }
        .low { color: var(--low); } .note, .hidden { color: var(--note); } .undecided { color: var(--medium); }
        .proven { color: var(--good); } td.reachable { background: var(--shade); }
        ul.proven { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1rem; margin: .3rem 0 1rem; }
        dl { display: grid; grid-template-columns: 6rem 1fr; gap: .1rem .5rem; margin: .4rem 0; }
        dt { color: var(--faint); } dd { margin: 0; overflow-wrap: anywhere; }
        summary { cursor: pointer; } .source { background: var(--shade); padding: .7rem 1rem .7rem 3.5rem; overflow-x: auto; }
        .source li::marker { color: var(--faint); font: .75rem ui-monospace, monospace; }
        .source code { white-space: pre-wrap; } :target { outline: 2px solid var(--low); outline-offset: 2px; }
        @media print { body { max-width: none; margin: 0; font-size: 10pt; } .grid { overflow: visible; }
          h3, dl, tr { break-inside: avoid; } h3, h2 { break-after: avoid; } a { text-decoration: none; } }

        """
}
