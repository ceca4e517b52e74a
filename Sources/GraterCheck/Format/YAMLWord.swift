import Profiles

/// How text is written in YAML.
enum YAMLWord {
    private static let words: Set<String> = ["yes", "no", "true", "false", "on", "off", "null", "y", "n"]

    /// Without quotes if it can be mistaken for nothing else.
    static func plain(_ text: String) -> String {
        let isLetter = { (byte: UInt8) in (65...90).contains(byte) || (97...122).contains(byte) || byte == 95 }
        let isPlain =
            text.utf8.first.map(isLetter) == true
            && text.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) || $0 == 45 || $0 == 46 }
        return isPlain && !words.contains(text.lowercased()) ? text : quoted(text)
    }

    /// In single quotes, in which nothing has to be escaped; with characters that do not show, in double quotes.
    static func quoted(_ text: String) -> String {
        if text.unicodeScalars.allSatisfy(isVisible) {
            return "'" + text.unicodeScalars.map { $0 == "'" ? "''" : String($0) }.joined() + "'"
        }
        return "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    /// Its lines as a block behind `|`, from that on; nil if it does not fit into one.
    static func block(_ text: String) -> [String]? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let isClosed = lines.last == ""
        if isClosed { lines.removeLast() }
        guard lines.count > (isClosed ? 0 : 1), let first = lines.first, let last = lines.last,
            !first.isEmpty, !last.isEmpty, first.first != " ",
            lines.allSatisfy({ $0.isEmpty || $0.unicodeScalars.allSatisfy(isVisible) })
        else { return nil }
        return [isClosed ? "|" : "|-"] + lines
    }

    /// Of all spaces, only the plain one can be told from the others.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isPrintable && (scalar.properties.generalCategory != .spaceSeparator || scalar == " ")
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\t": "\\t"
        case "\"": "\\\""
        case "\\": "\\\\"
        case _ where isVisible(scalar): String(scalar)
        default: "\\U" + hexadecimal(scalar.value)
        }
    }

    private static func hexadecimal(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
