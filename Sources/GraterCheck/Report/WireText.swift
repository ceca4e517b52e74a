/// Bytes that came from outside, as text.
package enum WireText {
    /// Printable ASCII that holds nothing a terminal or a log would act upon: `\\` stands for a backslash, `\r`, `\n`,
    /// `\t` and `\xNN` for what is not printable.
    package static func escape(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\\"): text += "\\\\"
            case 13: text += "\\r"
            case 10: text += "\\n"
            case 9: text += "\\t"
            case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return text
    }

    /// The lines of what passed over a connection, each as `escape` shows it and without the CRLF that ends it.
    package static func shownLines(_ bytes: [UInt8]) -> [String] {
        lines(bytes).map { escape($0.suffix(2) == [13, 10] ? $0.dropLast(2) : $0) }
    }

    /// Cuts bytes after each LF; what follows the last one is a line too.
    package static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = [ArraySlice<UInt8>]()
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 10 {
            lines.append(bytes[start...index])
            start = index + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }
}
