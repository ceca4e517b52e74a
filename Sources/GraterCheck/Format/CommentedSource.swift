import Profiles

/// The lines of a YAML file, and the comments in them: every `#` that no scalar takes in begins one.
struct CommentedSource {
    struct Comment {
        /// Both from 1.
        let line: Int
        let column: Int
        /// From its `#` on.
        let text: String
        /// Whether nothing stands before it on its line.
        let isAlone: Bool
    }

    private let lines: [[Unicode.Scalar]]
    /// The columns of each line that scalars take up.
    private var concealed: [Int: [Range<Int>]] = [:]

    init(_ bytes: [UInt8]) {
        var lines: [[Unicode.Scalar]] = [[]]
        var previous: Unicode.Scalar = " "
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\u{FEFF}" where lines == [[]]: break
            case "\n" where previous == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lines.append([])
            default: lines[lines.count - 1].append(scalar)
            }
            previous = scalar
        }
        self.lines = lines
    }

    /// A `#` inside of `scalar` begins no comment; one behind the `|` or `>` of a block does.
    mutating func conceal(_ scalar: YAMLScalar) {
        let (start, end) = (scalar.location, scalar.end)
        guard start.line <= end.line else { return }
        for line in start.line...end.line {
            let first = line == start.line ? start.column : 1
            let last = line == end.line ? end.column : Int.max
            guard first < last, !(scalar.style == .block && line == start.line) else { continue }
            concealed[line, default: []].append(first..<last)
        }
    }

    /// Whether a list in brackets or a mapping in braces begins there.
    func opensFlow(at location: SourceLocation) -> Bool {
        guard lines.indices.contains(location.line - 1) else { return false }
        let line = lines[location.line - 1]
        guard line.indices.contains(location.column - 1) else { return false }
        return line[location.column - 1] == "[" || line[location.column - 1] == "{"
    }

    /// Whether line `number` (from 1) is empty and in no scalar, or the `---` that begins the document.
    func isBlank(_ number: Int) -> Bool {
        guard lines.indices.contains(number - 1), concealed[number] == nil else { return false }
        let line = lines[number - 1]
        return line.allSatisfy { $0 == " " || $0 == "\t" } || line == ["-", "-", "-"]
    }

    /// In the file's order.
    var comments: [Comment] {
        lines.enumerated().compactMap { index, line in
            let hidden = concealed[index + 1] ?? []
            let start = line.indices.first { position in
                line[position] == "#" && !hidden.contains { $0.contains(position + 1) }
            }
            guard let start else { return nil }
            var text = String.UnicodeScalarView(line[start...])
            while let last = text.last, last == " " || last == "\t" { text.removeLast() }
            let isAlone = line[..<start].allSatisfy { $0 == " " || $0 == "\t" }
            return Comment(line: index + 1, column: start + 1, text: String(text), isAlone: isAlone)
        }
    }
}
