/// `text` for a message: what is not printable is escaped, and what is long is cut.
///
/// Text of a profile goes to terminals and logs, where control characters could forge lines or hide what is written.
package func printable(_ text: String, limit: Int = 80) -> String {
    var result = ""
    for (count, scalar) in text.unicodeScalars.enumerated() {
        guard count < limit else { return result + "…" }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            result += "\\u{" + String(scalar.value, radix: 16) + "}"
        default:
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// `text` in single quotes for a message.
package func quoted(_ text: String) -> String { "'\(printable(text))'" }

/// `texts` in quotes, as a sentence lists them: `'a', 'b' or 'c'`.
package func quotedList(_ texts: [String], _ conjunction: String = "or") -> String {
    let quotedTexts = texts.map(quoted)
    guard let last = quotedTexts.last, quotedTexts.count > 1 else { return quotedTexts.first ?? "" }
    return "\(quotedTexts.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
}
