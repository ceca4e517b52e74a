import Profiles

/// Writes an audit for people.
struct AuditText {
    private let style: Style
    private var sources = SourceLines()

    init(style: Style) {
        self.style = style
    }

    mutating func lines(of audit: ProfileAudit) -> [String] {
        var lines = [style.bold("\(audit.profile.location.file): filter '\(audit.profile.name)'")]
        for finding in audit.reachable {
            guard case .reachable(let witness) = finding.outcome else { continue }
            if let accepted = audit.acceptance(of: finding.hazard) {
                lines.append(
                    "  accepted: \(finding.hazard.id) (\(finding.hazard.severity.rawValue)): \(SourceText.printable(accepted.reason))"
                )
            } else {
                lines += self.lines(finding.hazard, witness)
            }
        }
        for diagnostic in audit.idleAcceptances {
            lines.append("  \(style.yellow("warning:")) \(diagnostic.location): \(diagnostic.message)")
        }
        let (hidden, undecided, unreachable) = others(audit.findings)
        for note in audit.notes { lines.append("  harmless: \(note.location): \(note.message)") }
        if !hidden.isEmpty {
            lines.append("  hidden by rewrites in every reply and event tried: \(list(hidden))")
        }
        for (hazard, rules) in undecided {
            let places = rules.prefix(3).map { "\($0)" }.joined(separator: ", ")
            lines.append(
                "  " + style.yellow("not decided:") + " \(hazard.id): the search gave up at \(places)")
            lines.append("      instead: take it for reachable, or narrow the pattern there")
        }
        lines.append("  " + style.green("proven unreachable:") + " \(unreachable.isEmpty ? "none" : list(unreachable))")
        return lines.flatMap(Self.wrapped)
    }

    private mutating func lines(_ hazard: Hazard, _ witness: HazardFinding.Witness) -> [String] {
        var lines = ["  \(severity(hazard.severity)) \(style.bold(hazard.id)): a client \(hazard.title)"]
        lines.append("      client:  \(WireText.escape(witness.command))")
        if witness.received != witness.command {
            lines.append("      to tor:  \(WireText.escape(witness.received))")
        }
        if let seen = witness.seen {
            // The confirmation of SETEVENTS says nothing.
            for line in WireText.shownLines(seen) where line != "250 OK" && line != "." {
                lines.append("      learns:  \(line)")
            }
        }
        for rule in witness.rules { lines.append("      rule:    \(sources.quote(rule, style))") }
        lines.append("      why:     \(hazard.explanation)")
        lines.append("      instead: \(hazard.advice)")
        if let remedy = HazardRemedy(for: hazard, witness) { lines.append("      or add:  \(remedy.text)") }
        return lines
    }

    private func others(
        _ findings: [HazardFinding]
    ) -> (hidden: [Hazard], undecided: [(Hazard, [SourceLocation])], unreachable: [Hazard]) {
        var hidden = [Hazard]()
        var undecided = [(Hazard, [SourceLocation])]()
        var unreachable = [Hazard]()
        for finding in findings {
            switch finding.outcome {
            case .reachable: break
            case .hidden: hidden.append(finding.hazard)
            case .undecided(let rules): undecided.append((finding.hazard, rules))
            case .unreachable: unreachable.append(finding.hazard)
            }
        }
        return (hidden, undecided, unreachable)
    }

    private func list(_ hazards: [Hazard]) -> String { hazards.map(\.id).joined(separator: ", ") }

    private func severity(_ severity: HazardSeverity) -> String {
        let name = severity.rawValue + ":"
        return switch severity {
        case .critical, .high: style.red(name)
        case .medium: style.yellow(name)
        case .low, .note: style.blue(name)
        }
    }

    /// Breaks a long list of names; what a client or a profile wrote stays on one line.
    private static func wrapped(_ line: String) -> [String] {
        let isList = line.contains("proven unreachable:") || line.contains("hidden by rewrites")
        guard isList, line.count > 120 else { return [line] }
        var lines = [""]
        for word in line.dropFirst(2).split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.count + word.count > 116 {
                lines.append("     ")
            }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "  " : " ") + word
        }
        return lines
    }
}
