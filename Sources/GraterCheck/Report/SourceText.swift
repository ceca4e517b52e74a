/// Text of a profile, made fit for a terminal.
enum SourceText {
    /// `text` with a space for each character that is not printable, so that columns stay what they are.
    static func printable(_ text: some StringProtocol) -> String {
        var printable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { printable.append(isPrintable(scalar) ? scalar : " ") }
        return String(printable)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
