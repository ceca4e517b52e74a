import FilterEngine
import Profiles

/// Writes for people what became of a command.
struct TrialText {
    private let policy: Policy
    private let style: Style
    private var sources = SourceLines()

    init(policy: Policy, style: Style) {
        self.policy = policy
        self.style = style
    }

    mutating func lines(of outcome: TrialOutcome) -> [String] {
        var lines = [style.bold(WireText.escape(outcome.command))]
        for decision in outcome.decisions {
            lines += verdict(decision)
            for rule in decision.rules { lines.append("  rule: \(sources.quote(rule, style))") }
        }
        if outcome.decisions.isEmpty, outcome.closing == nil {
            lines.append("  nothing happens: the command is not complete (its data ends with a line '.')")
        }
        lines += labelled("to tor:", outcome.toTor)
        lines += labelled("to the client:", outcome.toClient)
        if let closing = outcome.closing { lines.append("  " + self.closing(closing)) }
        return lines
    }

    private func verdict(_ decision: Decision) -> [String] {
        switch decision.verdict {
        case .allowed: return ["  " + style.green("allowed")]
        case .rewritten: return ["  " + style.yellow("rewritten")]
        case .answered: return ["  " + style.blue("answered") + " by onion-grater itself"]
        case .withdrawn(let reason): return ["  " + style.red("deleted:") + " \(reason)"]
        case .tolerated(let reason):
            let explanation = DenialExplanation(of: reason, command: decision.command, policy: policy)
            return ["  " + style.yellow("tolerated") + " in complain mode: \(explanation.reason)"]
        case .denied(let reason):
            let explanation = DenialExplanation(of: reason, command: decision.command, policy: policy)
            return ["  " + style.red("denied:") + " \(explanation.reason)"]
                + (explanation.hint.map { ["  \(style.faint("=")) \($0)"] } ?? [])
        }
    }

    private func labelled(_ label: String, _ bytes: [UInt8]) -> [String] {
        WireText.shownLines(bytes).enumerated().map { index, line in
            "  " + (index == 0 ? label : String(repeating: " ", count: label.count)) + " " + line
        }
    }

    private func closing(_ closing: Closing) -> String {
        switch closing {
        case .clientLeft: "the connection is closed, as the client wishes"
        case .clientViolation(let what): style.red("the connection is closed:") + " \(what)"
        case .torViolation(let what): style.red("the connection is closed,") + " for this is not tor's reply: \(what)"
        case .torLost: style.red("the connection is closed")
        }
    }
}
