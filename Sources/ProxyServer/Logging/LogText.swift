/// Text for the log: one line of printable ASCII, whatever a client, a peer's label or a path holds.
enum LogText {
    /// `bytes` with a backslash doubled and whatever is not printable ASCII as `\xNN`: unambiguous. At most `limit` bytes
    /// are shown, and then how many more there were.
    static func escaped(_ bytes: some Collection<UInt8>, limit: Int = 512) -> String {
        var text = [UInt8]()
        for byte in bytes.prefix(limit) {
            if byte == UInt8(ascii: "\\") {
                text += [byte, byte]
            } else {
                append(byte, to: &text)
            }
        }
        if bytes.count > limit { text += "... (\(bytes.count - limit) bytes more)".utf8 }
        return String(decoding: text, as: UTF8.self)
    }

    /// `text` with whatever is not printable ASCII as `\xNN` of its UTF-8.
    static func appendPrintable(_ text: String, to line: inout [UInt8]) {
        for byte in text.utf8 { append(byte, to: &line) }
    }

    /// `value` as the value of `key=value`: in double quotes where it is empty or holds a space or a quote.
    static func appendValue(_ value: String, to line: inout [UInt8]) {
        let isPlain = !value.isEmpty && !value.utf8.contains { $0 == 0x20 || $0 == UInt8(ascii: "\"") }
        guard !isPlain else { return appendPrintable(value, to: &line) }
        line.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            if byte == UInt8(ascii: "\"") { line.append(UInt8(ascii: "\\")) }
            append(byte, to: &line)
        }
        line.append(UInt8(ascii: "\""))
    }

    private static func append(_ byte: UInt8, to line: inout [UInt8]) {
        switch byte {
        case 0x20...0x7E: line.append(byte)
        default:
            line += [UInt8(ascii: "\\"), UInt8(ascii: "x"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 0xF)]]
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
