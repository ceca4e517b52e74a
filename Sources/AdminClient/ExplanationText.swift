import JSONText
import Profiles

/// The text of `onion-grater explain`.
enum ExplanationText {
    /// - Parameter explanation: from the daemon's answer to `explain`.
    static func text(_ explanation: JSONValue) -> String {
        var lines = [String]()
        if let command = explanation["command"]?.text { lines.append(command) }
        let verdict = explanation["verdict"]?.text ?? "?"
        if verdict == "depends" {
            let targets = (explanation["targets"]?.elements ?? []).compactMap(\.text).joined(separator: ", ")
            lines.append(
                "it depends on who listens at \(targets): own-listeners asks the kernel when the command comes")
        } else {
            lines.append("  " + (explanation["reason"]?.text.map { "\(verdict): \($0)" } ?? verdict))
        }
        for rule in (explanation["rules"]?.elements ?? []).compactMap(\.text) { lines.append("  rule: \(rule)") }
        if let sent = explanation["sent"]?.text { lines.append("  to tor: \(sent)") }
        if let nearest = explanation["nearest"], let pattern = nearest["pattern"]?.text {
            let matched = nearest["matches"]?.text ?? ""
            let extent = matched.isEmpty ? "which differs from the start" : "which matches up to '\(matched)'"
            lines.append("  nearest rule: \(nearest["rule"]?.text ?? "?")  '\(pattern)', \(extent)")
        }
        return lines.map { printable($0) + "\n" }.joined()
    }
}
