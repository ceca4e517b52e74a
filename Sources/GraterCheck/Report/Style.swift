import Glibc

/// Colours and weights of text on a terminal; without them, elsewhere.
public struct Style: Sendable {
    /// Whether escape sequences are written at all.
    public let usesColor: Bool

    public init(usesColor: Bool) {
        self.usesColor = usesColor
    }

    /// Colour if standard output is a terminal, unless `NO_COLOR` is set to something (no-color.org) or the terminal
    /// says that it has none.
    public static var standardOutput: Style {
        let noColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
        return Style(usesColor: isatty(STDOUT_FILENO) != 0 && !noColor && !isDumb)
    }

    package func bold(_ text: String) -> String { wrap(text, "1") }
    package func faint(_ text: String) -> String { wrap(text, "2") }
    package func red(_ text: String) -> String { wrap(text, "1;31") }
    package func green(_ text: String) -> String { wrap(text, "32") }
    package func yellow(_ text: String) -> String { wrap(text, "1;33") }
    package func blue(_ text: String) -> String { wrap(text, "1;34") }

    private func wrap(_ text: String, _ code: String) -> String {
        usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
