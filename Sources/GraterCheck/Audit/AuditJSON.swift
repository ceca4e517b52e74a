import JSONText
import Profiles

extension ProfileAudit {
    package var json: JSONValue {
        .object([
            "file": .string(profile.location.file), "filter": .string(profile.name),
            "hazards": .array(
                findings.map { finding in
                    finding.json.adding(["accepted": .optional(acceptance(of: finding.hazard)?.reason)])
                }),
            "idle-acceptances": .array(idleAcceptances.map(\.json)),
        ])
    }
}

extension Hazard {
    /// What is true of it in every profile.
    package var json: JSONValue {
        .object([
            "id": .string(id), "severity": .string(severity.rawValue), "title": .string(title),
            "advice": .string(advice),
        ])
    }
}

extension HazardFinding {
    package var json: JSONValue {
        let finding = JSONValue.object([
            "id": .string(hazard.id), "severity": .string(hazard.severity.rawValue), "outcome": .string(outcome.name),
        ])
        switch outcome {
        case .reachable(let witness), .hidden(let witness):
            return finding.adding([
                "title": .string(hazard.title), "command": .string(WireText.escape(witness.command)),
                "received": .string(WireText.escape(witness.received)),
                "seen": .optional(witness.seen.map { WireText.escape($0) }),
                "rules": .array(witness.rules.map(\.json)), "advice": .string(hazard.advice),
                "remedy": HazardRemedy(for: hazard, witness)?.json ?? .null,
            ])
        case .undecided(let rules): return finding.adding(["rules": .array(rules.map(\.json))])
        case .unreachable: return finding
        }
    }
}

extension HazardFinding.Outcome {
    fileprivate var name: String {
        switch self {
        case .reachable: "reachable"
        case .hidden: "hidden"
        case .unreachable: "unreachable"
        case .undecided: "undecided"
        }
    }
}

extension HazardRemedy {
    fileprivate var json: JSONValue {
        switch place {
        case .above(let rule): .object(["entry": .string(entry), "above": rule.json])
        case .insteadOf(let rule): .object(["entry": .string(entry), "instead-of": rule.json])
        }
    }
}

extension SourceLocation {
    package var json: JSONValue {
        .object(["file": .string(file), "line": .integer(line), "column": .integer(column)])
    }
}
