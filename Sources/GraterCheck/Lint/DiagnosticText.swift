import Profiles

/// Writes diagnostics as compilers do: where and what, the line of the file, and a caret.
struct DiagnosticText {
    private let style: Style
    private var sources: SourceLines

    init(style: Style, sources: SourceLines = SourceLines()) {
        self.style = style
        self.sources = sources
    }

    mutating func lines(of diagnostic: Diagnostic) -> [String] {
        let location = diagnostic.location
        let excerpt = sources.line(location.line, of: location.file).map {
            SourceExcerpt(line: $0, number: location.line, column: location.column)
        }
        let place = style.bold("\(location):")
        var lines = [
            "\(place) \(severity(diagnostic.severity)) \(style.bold(diagnostic.message)) \(style.faint("[\(diagnostic.code.rawValue)]"))"
        ]
        lines += excerpt?.lines(style) ?? []
        if let suggestion = diagnostic.suggestion {
            lines.append("        \(style.faint("=")) \(suggestion)")
        }
        return lines
    }

    private func severity(_ severity: Diagnostic.Severity) -> String {
        switch severity {
        case .error: style.red("error:")
        case .warning: style.yellow("warning:")
        case .note: style.blue("note:")
        }
    }
}
