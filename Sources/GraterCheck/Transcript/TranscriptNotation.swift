/// How bytes are written in a transcript, and wherever else this module shows bytes that came from outside: printable
/// ASCII stands for itself, `\\` for a backslash, `\r`, `\n`, `\t` and `\xNN` for the rest.
///
/// A transcript's line ends with CRLF on the wire unless a single backslash ends it.
public enum TranscriptNotation {
    /// Why a text is not in the notation, and where.
    public struct Failure: Error, Sendable, Equatable {
        /// Offset in the text, in bytes.
        public let position: Int
        public let message: String
    }

    /// The bytes that a line of a transcript stands for, in the portions in which they arrive: `\|` ends a portion.
    public static func parse(_ text: some Collection<UInt8>) throws(Failure) -> [[UInt8]] {
        let text = Array(text)
        if let last = text.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
            throw Failure(position: text.count - 1, message: "a blank at the end of a line is easily lost: write \\x20")
        }
        var chunks = [[UInt8]()]
        var index = 0
        while index < text.count {
            let byte = text[index]
            guard byte == UInt8(ascii: "\\") else {
                chunks[chunks.count - 1].append(byte)
                index += 1
                continue
            }
            guard index + 1 < text.count else { return chunks.filter { !$0.isEmpty } }
            switch text[index + 1] {
            case UInt8(ascii: "\\"): chunks[chunks.count - 1].append(byte)
            case UInt8(ascii: "r"): chunks[chunks.count - 1].append(13)
            case UInt8(ascii: "n"): chunks[chunks.count - 1].append(10)
            case UInt8(ascii: "t"): chunks[chunks.count - 1].append(9)
            case UInt8(ascii: "|"): chunks.append([])
            case UInt8(ascii: "x"):
                guard let value = byteValue(ofHex: text[(index + 2)...].prefix(2)) else {
                    throw Failure(position: index, message: "\\x takes two hexadecimal digits")
                }
                chunks[chunks.count - 1].append(value)
                index += 2
            default:
                throw Failure(
                    position: index,
                    message: "not an escape; known are \\\\ \\r \\n \\t \\xNN and \\| (write \\\\ for a backslash)"
                )
            }
            index += 2
        }
        chunks[chunks.count - 1] += [13, 10]
        return chunks.filter { !$0.isEmpty }
    }

    /// Bytes as printable ASCII that holds nothing a terminal or a log would act upon.
    public static func escape(_ bytes: some Sequence<UInt8>) -> String {
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

    /// The line of a transcript that stands for `line`: CRLF at its end is left out, anything else there written.
    public static func write(line: some Collection<UInt8>) -> String {
        let bytes = Array(line)
        guard bytes.suffix(2) == [13, 10] else { return escape(bytes) + "\\" }
        let text = escape(bytes.dropLast(2))
        return text.hasSuffix(" ") ? text.dropLast() + "\\x20" : text
    }

    /// Cuts bytes after each LF; what follows the last one is a line too.
    static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = [ArraySlice<UInt8>]()
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 10 {
            lines.append(bytes[start...index])
            start = index + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }

    /// Bytes written as pairs of hexadecimal digits; nil for anything else.
    static func bytes(ofHex text: some Collection<UInt8>) -> [UInt8]? {
        var bytes = [UInt8]()
        var rest = Array(text)[...]
        while !rest.isEmpty {
            guard let value = byteValue(ofHex: rest.prefix(2)) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    private static func byteValue(ofHex digits: some Collection<UInt8>) -> UInt8? {
        guard digits.count == 2 else { return nil }
        var value: UInt8 = 0
        for digit in digits {
            guard let nibble = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt8(nibble)
        }
        return value
    }
}
