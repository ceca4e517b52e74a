import ControlProtocol
import LinearPattern

/// Reads `answer`: the lines of a reply that tor is not asked for.
extension ProfileReader {
    /// Nil after an error.
    mutating func answer(_ node: YAMLNode, _ command: Keyword, _ pattern: Pattern) -> [Template]? {
        guard let nodes = list(node, "'answer'") else { return nil }
        var lines: [Template] = []
        for node in nodes {
            guard let line = template(node, "a line of 'answer'", for: pattern) else { return nil }
            lines.append(line)
        }
        if let problem = AnswerForm.problem(in: lines) {
            let location = nodes.indices.contains(problem.line) ? nodes[problem.line].location : node.location
            diagnostics.error(.invalidAnswer, at: location, problem.message, suggestion: problem.suggestion)
            return nil
        }
        if command == "GETINFO", !AnswerForm.endsInOK(lines) {
            diagnostics.warning(
                .unusualAnswer, at: nodes.last?.location ?? node.location, "tor's replies to GETINFO end in '250 OK'",
                suggestion: "write \"250-key=value\" and \"250 OK\"")
        }
        return lines
    }
}
