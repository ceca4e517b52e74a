import FilterEngine
import JSONText
import Profiles

extension TrialOutcome {
    func json(_ policy: Policy) -> JSONValue {
        .object([
            "command": .string(WireText.escape(command)),
            "decisions": .array(decisions.map { Self.json($0, policy) }),
            "to-tor": .array(WireText.shownLines(toTor).map { .string($0) }),
            "to-client": .array(WireText.shownLines(toClient).map { .string($0) }),
            "refused": .boolean(isRefused),
        ])
    }

    private static func json(_ decision: Decision, _ policy: Policy) -> JSONValue {
        var reason: String?
        switch decision.verdict {
        case .denied(let denial), .tolerated(let denial), .withdrawn(let denial):
            reason = DenialExplanation(of: denial, command: decision.command, policy: policy).reason
        case .allowed, .rewritten, .answered: break
        }
        return .object([
            "verdict": .string(decision.verdict.name), "reason": .optional(reason),
            "rules": .array(decision.rules.map(\.json)),
        ])
    }
}
