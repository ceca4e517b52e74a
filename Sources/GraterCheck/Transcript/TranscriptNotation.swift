import ControlProtocol

/// How bytes are written in a transcript: as `WireText` shows them, line by line. A line ends with CRLF on the wire
/// unless a single backslash ends it, and `\|` splits it.
public enum TranscriptNotation {
    /// Why a text is not in the notation, and where.
    public struct Failure: Error, Sendable, Equatable {
        /// Offset in the text, in bytes.
        public let position: Int
        /// What is wrong there, and what to write.
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
                let digits = text[(index + 2)...].prefix(2)
                guard digits.count == 2, let value = Hexadecimal.decode(digits)?.first else {
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

    /// The line of a transcript that stands for `line`: CRLF at its end is left out, anything else there written.
    public static func write(line: some Collection<UInt8>) -> String {
        let bytes = Array(line)
        guard bytes.suffix(2) == [13, 10] else { return WireText.escape(bytes) + "\\" }
        let text = WireText.escape(bytes.dropLast(2))
        return text.hasSuffix(" ") ? text.dropLast() + "\\x20" : text
    }
}
