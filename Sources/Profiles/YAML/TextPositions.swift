/// Finds lines and columns in a file that libyaml cannot read, where libyaml gives none, or one line too many.
struct TextPositions {
    let file: String
    let bytes: UnsafeBufferPointer<UInt8>

    /// Where the character stands that the byte at `offset` belongs to.
    func location(ofByte offset: Int) -> SourceLocation {
        var start = min(max(offset, 0), bytes.count)
        // A sequence that is broken off is reported where it should have gone on.
        if let lead = bytes[..<start].suffix(3).lastIndex(where: { $0 >= 0xC0 }),
            lead + Self.length(ofSequence: bytes[lead]) > start
        {
            start = lead
        }
        return end(of: bytes[..<start])
    }

    /// `location`, or the end of the file if that comes before it.
    func clamped(_ location: SourceLocation) -> SourceLocation {
        let end = end(of: bytes[...])
        return (location.line, location.column) < (end.line, end.column) ? location : end
    }

    private func end(of text: Slice<UnsafeBufferPointer<UInt8>>) -> SourceLocation {
        var (line, column) = (1, 1)
        var previous: Unicode.Scalar = " "
        for character in String(decoding: text, as: UTF8.self).unicodeScalars {
            switch character {
            case "\n" where previous == "\r":
                break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                line += 1
                column = 1
            default:
                column += 1
            }
            previous = character
        }
        return SourceLocation(file: file, line: line, column: column)
    }

    private static func length(ofSequence lead: UInt8) -> Int {
        switch lead {
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        default: 4
        }
    }
}
