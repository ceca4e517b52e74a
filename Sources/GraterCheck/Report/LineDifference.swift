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

extension LineDifference: CustomStringConvertible {
    public var description: String { text(Style(usesColor: false)) }

    func text(_ style: Style) -> String {
        switch self {
        case .same(let line): "  \(line)"
        case .missing(let line): style.red("- \(line)")
        case .unexpected(let line): style.green("+ \(line)")
        }
    }

    /// The changed lines with a few around them, as a unified difference shows them.
    static func excerpts(of lines: [LineDifference], _ style: Style) -> [String] {
        let context = 2
        var number = 1
        var text = [String]()
        var last = -1
        let changed = lines.indices.filter { if case .same = lines[$0] { false } else { true } }
        var next = changed[...]
        for (index, line) in lines.enumerated() {
            while let first = next.first, first + context < index { next.removeFirst() }
            if let first = next.first, first - context <= index {
                if index != last + 1 || text.isEmpty { text.append(style.blue("@@ line \(number) @@")) }
                text.append(line.text(style))
                last = index
            }
            if case .unexpected = line {} else { number += 1 }
        }
        return text
    }
}
