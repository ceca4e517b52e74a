import JSONText
import Profiles

/// The text of `onion-grater watch`.
struct DecisionText {
    let usesColor: Bool

    /// One line for what the daemon says of one decision, or of those that it could not pass on.
    func line(_ value: JSONValue) -> String {
        if let dropped = value["dropped"]?.integer {
            return paint("... \(dropped) decisions not shown: there were too many", "1;33") + "\n"
        }
        if let refusal = value["refusal"] {
            return
                "\(Clock.text(refusal["time"]?.integer ?? 0)) \(paint("refused  ", "1;31")) \(RecentText.client(refusal))"
                + paint("  (\(printable(refusal["why"]?.text ?? "", limit: 2000)))", "2") + "\n"
        }
        guard let decision = value["decision"] else { return "" }
        let verdict = decision["verdict"]?.text ?? "?"
        var line = "\(Clock.text(decision["time"]?.integer ?? 0)) "
        line += paint(verdict.padded(to: 9), Self.colors[verdict] ?? "0")
        line += " \(printable(decision["profile"]?.text ?? "?"))"
        line += paint(" #\(decision["session"]?.integer ?? 0)", "2")
        line += "  \(printable(decision["command"]?.text ?? ""))"
        if let sent = decision["sent"]?.text { line += paint(" -> ", "2") + printable(sent) }
        if let reason = decision["reason"]?.text { line += paint("  (\(printable(reason)))", "2") }
        return line + "\n"
    }

    private static let colors = [
        "denied": "1;31", "withdrawn": "1;31", "tolerated": "1;33", "rewritten": "1;34", "allowed": "32",
        "answered": "32",
    ]

    private func paint(_ text: String, _ code: String) -> String {
        usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
