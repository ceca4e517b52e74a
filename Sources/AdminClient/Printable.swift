/// Text from the daemon, fit to be shown on a terminal: what an application is called is for others to choose.
enum Printable {
    /// Control characters, and what else does not print, as `\u{N}`.
    static func text(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
