/// Tor's quoted strings: `"…"` with C-like escapes (control-spec, section 2.1.1).
public enum QuotedString {
    /// The text of the quoted string that `bytes` begins with, and what follows its closing quote.
    ///
    /// Escapes: `\n`, `\t`, `\r`, `\"`, `\'`, `\\`, one to three octal digits, `\x` and two hexadecimal ones. Nil if there
    /// is no closing quote, another escape, an octal number over 255, or a NUL, which tor refuses too.
    public static func decode(_ bytes: ArraySlice<UInt8>) -> (text: [UInt8], rest: ArraySlice<UInt8>)? {
        guard bytes.first == .quote else { return nil }
        var text = [UInt8]()
        var rest = bytes.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case .quote: return text.contains(0) ? nil : (text, rest)
            case .backslash:
                guard let escaped = decodeEscape(&rest) else { return nil }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        return nil
    }

    private static func decodeEscape(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let kind = rest.popFirst() else { return nil }
        switch kind {
        case UInt8(ascii: "n"): return .lineFeed
        case UInt8(ascii: "t"): return UInt8(ascii: "\t")
        case UInt8(ascii: "r"): return .carriageReturn
        case .quote, .backslash, UInt8(ascii: "'"): return kind
        case UInt8(ascii: "x"):
            guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else {
                return nil
            }
            return high << 4 | low
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            var value = Int(kind - UInt8(ascii: "0"))
            for _ in 0..<2 {
                guard let digit = rest.first, digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "7") else { break }
                value = value * 8 + Int(digit - UInt8(ascii: "0"))
                rest = rest.dropFirst()
            }
            return UInt8(exactly: value)
        default: return nil
        }
    }

    /// `text` between quotes. Everything that is not printable ASCII is escaped, so the result is.
    public static func encode(_ text: some Collection<UInt8>) -> [UInt8] {
        var quoted: [UInt8] = [.quote]
        quoted.reserveCapacity(text.count + 2)
        for byte in text {
            switch byte {
            case .quote, .backslash: quoted += [.backslash, byte]
            case .lineFeed: quoted += [.backslash, UInt8(ascii: "n")]
            case UInt8(ascii: "\t"): quoted += [.backslash, UInt8(ascii: "t")]
            case _ where byte.isPrintableASCII: quoted.append(byte)
            default:
                let zero = UInt8(ascii: "0")
                quoted += [.backslash, zero + (byte >> 6), zero + (byte >> 3 & 7), zero + (byte & 7)]
            }
        }
        quoted.append(.quote)
        return quoted
    }
}

extension UInt8 {
    /// What this ASCII digit of a hexadecimal number is worth.
    public var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
