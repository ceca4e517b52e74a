/// A line of a file with a caret under one of its columns, as compilers show it.
struct SourceExcerpt {
    private static let width = 110

    private let number: Int
    private let text: String
    /// From 0.
    private let caret: Int

    /// - Parameter column: from 1, in Unicode scalars, as `SourceLocation` counts them.
    init(line: String, number: Int, column: Int) {
        let scalars = SourceText.printable(line).unicodeScalars
        let column = max(0, column - 1)
        // Of a long line, what is around the column.
        let start = column < Self.width * 3 / 4 ? 0 : column - Self.width / 2
        var visible = String.UnicodeScalarView()
        visible.append(contentsOf: scalars.dropFirst(start).prefix(Self.width))
        self.number = number
        text = (start > 0 ? "…" : "") + String(visible) + (scalars.count > start + Self.width ? "…" : "")
        caret = column - start + (start > 0 ? 1 : 0)
    }

    /// The two lines.
    func lines(_ style: Style) -> [String] {
        let number = String(number)
        let margin = String(repeating: " ", count: max(0, 5 - number.count))
        let gap = String(repeating: " ", count: margin.count + number.count)
        return [
            style.faint("\(margin)\(number) | ") + text,
            style.faint("\(gap) | ") + String(repeating: " ", count: caret) + style.green("^"),
        ]
    }
}
