/// `text` for a terminal or a log: what is not printable is escaped as `\u{N}`, and what has more than `limit` characters is cut.
///
/// Others choose what profiles, applications and their commands are called, and control characters could forge lines or hide
/// what is written.
package func printable(_ text: String, limit: Int = .max) -> String {
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        guard count < limit else { return result + "…" }
        if scalar.isPrintable {
            result.unicodeScalars.append(scalar)
        } else {
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        }
    }
    return result
}

extension Unicode.Scalar {
    /// Whether it shows, or is a space of some width: nothing that a terminal acts upon, and nothing without a form.
    package var isPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}

/// How many characters of a name a message quotes.
package let quotedLimit = 80

/// `text` in single quotes for a message, cut if it is long.
package func quoted(_ text: String) -> String { "'\(printable(text, limit: quotedLimit))'" }

/// `texts` in quotes, as a sentence lists them: `'a', 'b' or 'c'`.
package func quotedList(_ texts: [String], _ conjunction: String = "or") -> String {
    let quotedTexts = texts.map(quoted)
    guard let last = quotedTexts.last, quotedTexts.count > 1 else { return quotedTexts.first ?? "" }
    return "\(quotedTexts.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
}
