extension JSONValue {
    /// The value in one line, printable ASCII only.
    public var line: [UInt8] { JSONWriter.write(self, isIndented: false) }

    /// The value over several lines, two spaces to a level, for people too; printable ASCII only, the last line without an end.
    public var indented: [UInt8] { JSONWriter.write(self, isIndented: true) }
}

extension [UInt8] {
    /// Appends a string as JSON has it, quotes included: printable ASCII only.
    public mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x5C: self += [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: unit)]
            case 0x0A: self += "\\n".utf8
            case 0x20...0x7E: append(UInt8(truncatingIfNeeded: unit))
            default:
                self += "\\u".utf8
                for shift in [12, 8, 4, 0] { append(hexDigits[Int(unit >> shift & 0xF)]) }
            }
        }
        append(UInt8(ascii: "\""))
    }
}

private let hexDigits = Array("0123456789abcdef".utf8)

/// Writes one JSON text from its start to its end.
private struct JSONWriter {
    private let isIndented: Bool
    private var output: [UInt8] = []
    private var depth = 0

    static func write(_ value: JSONValue, isIndented: Bool) -> [UInt8] {
        var writer = JSONWriter(isIndented: isIndented)
        writer.write(value)
        return writer.output
    }

    private init(isIndented: Bool) {
        self.isIndented = isIndented
    }

    private mutating func write(_ value: JSONValue) {
        switch value {
        case .string(let text): output.append(jsonString: text)
        case .integer(let number): output += String(number).utf8
        case .boolean(let value): output += (value ? "true" : "false").utf8
        case .null: output += "null".utf8
        case .array(let elements):
            enclose(elements, in: "[", "]") { writer, element in writer.write(element) }
        case .members(let members):
            enclose(members, in: "{", "}") { writer, member in
                writer.output.append(jsonString: member.key)
                writer.output += (writer.isIndented ? ": " : ":").utf8
                writer.write(member.value)
            }
        }
    }

    private mutating func enclose<Item>(
        _ items: [Item], in start: Unicode.Scalar, _ end: Unicode.Scalar, _ write: (inout JSONWriter, Item) -> Void
    ) {
        output.append(UInt8(ascii: start))
        depth += 1
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            breakLine()
            write(&self, item)
        }
        depth -= 1
        if !items.isEmpty { breakLine() }
        output.append(UInt8(ascii: end))
    }

    private mutating func breakLine() {
        guard isIndented else { return }
        output.append(UInt8(ascii: "\n"))
        output += repeatElement(UInt8(ascii: " "), count: 2 * depth)
    }
}
