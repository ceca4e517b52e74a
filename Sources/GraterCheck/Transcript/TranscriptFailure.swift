/// Where a session does not do what its transcript says.
public struct TranscriptFailure: Error, Sendable, Equatable {
    public let file: String
    /// The line of the transcript, from 1.
    public let line: Int
    /// The session's title.
    public let session: String?
    /// The line where the session begins.
    public let sessionLine: Int
    public let feeding: TranscriptFeeding
    /// What went wrong, in a sentence.
    public let message: String
    /// What was expected and what came, where that is many lines; empty otherwise.
    public let difference: [LineDifference]
}

/// A line of what was expected, of what came, or of both.
public enum LineDifference: Sendable, Equatable {
    case same(String)
    case missing(String)
    case unexpected(String)

    /// Compares line by line; `firstDifference` is the index of the first expected line that is missing or has an
    /// unexpected one before it, nil if there is no difference.
    static func between(
        expected: [String], actual: [String]
    ) -> (lines: [LineDifference], firstDifference: Int?) {
        let changes = actual.difference(from: expected)
        guard !changes.isEmpty else { return (expected.map { .same($0) }, nil) }
        var missing = Set<Int>()
        var unexpected = [Int: String]()
        for change in changes {
            switch change {
            case .remove(let offset, _, _): missing.insert(offset)
            case .insert(let offset, let line, _): unexpected[offset] = line
            }
        }
        var lines = [LineDifference]()
        var firstDifference: Int?
        var position = 0
        for (index, line) in expected.enumerated() {
            if missing.contains(index) {
                lines.append(.missing(line))
                firstDifference = firstDifference ?? index
                continue
            }
            while let line = unexpected[position] {
                lines.append(.unexpected(line))
                firstDifference = firstDifference ?? index
                position += 1
            }
            lines.append(.same(line))
            position += 1
        }
        while let line = unexpected[position] {
            lines.append(.unexpected(line))
            position += 1
        }
        return (lines, firstDifference ?? expected.count)
    }
}

extension TranscriptFailure: CustomStringConvertible {
    public var description: String { text(Style(usesColor: false)) }

    func text(_ style: Style) -> String {
        var text = "\(style.bold("\(file):\(line):")) \(style.red("error:")) \(style.bold(message))"
        if let session { text += " (in '\(session)')" }
        if feeding != .asWritten { text += ", if it comes \(feeding.rawValue)" }
        for line in difference { text += "\n    " + line.text(style) }
        return text
    }
}

extension LineDifference: CustomStringConvertible {
    public var description: String { text(Style(usesColor: false)) }

    func text(_ style: Style) -> String {
        switch self {
        case .same(let line): "  \(line)"
        case .missing(let line): style.red("- \(line)")
        case .unexpected(let line): style.green("+ \(line)")
        }
    }
}
