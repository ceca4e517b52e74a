/// Why a text is no JSON that can be used here.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// Where in the text, in bytes from its start.
    public let offset: Int
    /// What is wrong there.
    public let what: String

    public var description: String { "at byte \(offset): \(what)" }
}

extension JSONValue {
    /// How deep arrays and objects may be nested.
    public static let depthLimit = 16

    /// Reads the one value that `bytes` are, in UTF-8. Takes time and memory in proportion to their length.
    public init(_ bytes: some Collection<UInt8>) throws(JSONError) {
        var reader = JSONReader(Array(bytes))
        self = try reader.document()
    }
}

/// Reads one JSON text from its start to its end.
private struct JSONReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw error("there is something after the value") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= JSONValue.depthLimit else { throw error("nested too deep") }
        skipSpace()
        switch next {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return try number()
        default:
            for (word, value) in [("true", JSONValue.boolean(true)), ("false", .boolean(false)), ("null", .null)]
            where bytes[offset...].starts(with: word.utf8) {
                offset += word.utf8.count
                return value
            }
            throw error("no value")
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        offset += 1
        var elements = [JSONValue]()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            elements.append(try value(depth: depth + 1))
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw error("neither ',' nor ']'") }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        offset += 1
        var members = [JSONValue.Member]()
        if take(UInt8(ascii: "}")) { return .members([]) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("no key") }
            let key = try string()
            guard take(UInt8(ascii: ":")) else { throw error("no ':' after a key") }
            members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
            if take(UInt8(ascii: "}")) { return .members(members) }
            guard take(UInt8(ascii: ",")) else { throw error("neither ',' nor '}'") }
        }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = offset
        while let byte = next, byte == UInt8(ascii: "-") || isNumeric(byte) { offset += 1 }
        guard let number = Int(String(decoding: bytes[start..<offset], as: UTF8.self)) else {
            offset = start
            throw error("a number that is not whole, or too large")
        }
        return .integer(number)
    }

    private func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
            UInt8(ascii: "+"):
            true
        default: false
        }
    }

    private mutating func string() throws(JSONError) -> String {
        offset += 1
        var text = [UInt8]()
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw error("a control byte in a string")
            default: text.append(byte)
            }
        }
        throw error("a string without end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw error("a string without end") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var units = [try codeUnit()]
            if UTF16.isLeadSurrogate(units[0]), bytes[offset...].starts(with: "\\u".utf8) {
                offset += 2
                units.append(try codeUnit())
            }
            text += String(decoding: units, as: UTF16.self).utf8
        default: throw error("an escape that JSON does not have")
        }
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        let digits = bytes[offset...].prefix(4)
        guard digits.count == 4, !digits.contains(UInt8(ascii: "+")),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw error("no four hexadecimal digits after \\u") }
        offset += 4
        return unit
    }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// Skips space, and then `byte` if it comes.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
    }

    private func error(_ what: String) -> JSONError { JSONError(offset: offset, what: what) }
}
