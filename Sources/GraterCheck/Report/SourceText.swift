import Profiles

/// Text of a profile, made fit for a terminal.
package enum SourceText {
    /// `text` with a space for each character that is not printable, so that columns stay what they are.
    package static func printable(_ text: some StringProtocol) -> String {
        var printable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { printable.append(scalar.isPrintable ? scalar : " ") }
        return String(printable)
    }
}
