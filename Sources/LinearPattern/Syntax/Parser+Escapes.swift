extension Parser {
    private static let hexDigits = ByteSet.digits.union(ByteSet("abcdefABCDEF".utf8))
    private static let octalDigits = ByteSet("01234567".utf8)

    /// What a backslash and the character behind it stand for.
    private enum Escape {
        case byte(UInt8)
        case set(ByteSet)
        /// A character outside ASCII, in UTF-8.
        case character([UInt8])
    }

    /// Reads an escape outside of `[…]`; its backslash, at `start`, has been taken.
    mutating func parseEscape(from start: Int) throws(PatternError) -> Item {
        switch next {
        case UInt8(ascii: "A"): return assertion(.start)
        case UInt8(ascii: "Z"): return assertion(.end)
        case UInt8(ascii: "b"): return assertion(.wordBoundary)
        case UInt8(ascii: "B"): return assertion(.notWordBoundary)
        case .some(UInt8(ascii: "1")...UInt8(ascii: "9")): return literal(try parseOctalOrReference(from: start))
        default: break
        }
        switch try parseCommonEscape(from: start) {
        case .byte(let byte): return literal(byte)
        case .set(let set): return Item(expression: .byte(set), kind: .atom)
        case .character(let bytes): return sequence(of: bytes)
        }
    }

    /// Reads an escape inside of `[…]`; its backslash, at `start`, has been taken.
    mutating func parseClassEscape(from start: Int) throws(PatternError) -> ClassMember {
        switch next {
        case UInt8(ascii: "b"):
            index += 1
            return .byte(0x08)
        case UInt8(ascii: "8"), UInt8(ascii: "9"):
            throw badEscape(from: start)
        case .some(UInt8(ascii: "1")...UInt8(ascii: "7")):
            return .byte(try octal(takeDigits(Self.octalDigits, limit: 3), from: start))
        default: break
        }
        switch try parseCommonEscape(from: start) {
        case .byte(let byte): return .byte(byte)
        case .set(let set): return .set(set)
        case .character: throw characterInClass(at: start)
        }
    }

    private mutating func assertion(_ assertion: Assertion) -> Item {
        index += 1
        return Item(expression: .assertion(assertion), kind: .assertion)
    }

    /// The escapes that mean the same everywhere.
    private mutating func parseCommonEscape(from start: Int) throws(PatternError) -> Escape {
        guard let byte = takeAny() else {
            throw trailingBackslash(at: start)
        }
        switch byte {
        case UInt8(ascii: "d"): return .set(.digits)
        case UInt8(ascii: "D"): return .set(ByteSet.digits.complement)
        case UInt8(ascii: "s"): return .set(.spaces)
        case UInt8(ascii: "S"): return .set(ByteSet.spaces.complement)
        case UInt8(ascii: "w"): return .set(.wordBytes)
        case UInt8(ascii: "W"): return .set(ByteSet.wordBytes.complement)
        case UInt8(ascii: "a"): return .byte(0x07)
        case UInt8(ascii: "f"): return .byte(0x0C)
        case UInt8(ascii: "n"): return .byte(0x0A)
        case UInt8(ascii: "r"): return .byte(0x0D)
        case UInt8(ascii: "t"): return .byte(0x09)
        case UInt8(ascii: "v"): return .byte(0x0B)
        case UInt8(ascii: "x"): return .byte(UInt8(truncatingIfNeeded: try hexadecimal(2, from: start)))
        case UInt8(ascii: "u"): return try unicode(try hexadecimal(4, from: start), from: start)
        case UInt8(ascii: "U"): return try unicode(try hexadecimal(8, from: start), from: start)
        case UInt8(ascii: "0"):
            index -= 1
            return .byte(try octal(takeDigits(Self.octalDigits, limit: 3), from: start))
        case UInt8(ascii: "N"):
            throw PatternError(
                at: start, "characters by name are not supported", suggestion: #"the character itself, or \uXXXX"#
            )
        case UInt8(ascii: "z"):
            throw PatternError(at: start, #"\z is not known"#, suggestion: #"\Z"#)
        case _ where ByteSet.letters.contains(byte):
            throw badEscape(from: start)
        case 0x80...:
            index = start + 2
            while let continuation = next, continuation & 0xC0 == 0x80 { index += 1 }
            return .character(Array(bytes[start + 1..<index]))
        default:
            return .byte(byte)
        }
    }

    private func badEscape(from start: Int) -> PatternError {
        let letter = String(decoding: bytes[start + 1...start + 1], as: UTF8.self)
        return PatternError(
            at: start, #"\\#(letter) is not an escape"#, suggestion: "'\(letter)' if the character itself is meant"
        )
    }

    /// `\123` is a byte in octal; any other number is a reference to a group, which is not regular.
    private mutating func parseOctalOrReference(from start: Int) throws(PatternError) -> UInt8 {
        let digits = bytes[index...].prefix(3)
        if digits.count == 3, digits.allSatisfy(Self.octalDigits.contains) {
            index += 3
            return try octal(digits, from: start)
        }
        throw Self.backreference(at: start)
    }

    static func backreference(at position: Int) -> PatternError {
        PatternError(
            at: position, "a reference to a group is not supported: it is not a regular expression",
            suggestion: #"every form written out, as in "x"|'x'|x"#
        )
    }

    private func octal(_ digits: ArraySlice<UInt8>, from start: Int) throws(PatternError) -> UInt8 {
        guard let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) else {
            throw PatternError(at: start, #"an octal escape is at most \377"#)
        }
        return value
    }

    private mutating func hexadecimal(_ count: Int, from start: Int) throws(PatternError) -> UInt32 {
        let digits = takeDigits(Self.hexDigits, limit: count)
        guard digits.count == count, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw PatternError(at: start, "the escape needs \(count) hexadecimal digits")
        }
        return value
    }

    private func unicode(_ value: UInt32, from start: Int) throws(PatternError) -> Escape {
        guard let scalar = Unicode.Scalar(value) else {
            throw PatternError(at: start, "no character has this number")
        }
        return scalar.isASCII ? .byte(UInt8(ascii: scalar)) : .character(Array(String(scalar).utf8))
    }
}
