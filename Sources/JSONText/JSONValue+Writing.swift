extension JSONValue {
    /// The value in one line, printable ASCII only.
    public var line: [UInt8] {
        var line = [UInt8]()
        write(to: &line)
        return line
    }

    private func write(to line: inout [UInt8]) {
        switch self {
        case .string(let text): Self.write(text, to: &line)
        case .integer(let number): line += String(number).utf8
        case .boolean(let value): line += (value ? "true" : "false").utf8
        case .null: line += "null".utf8
        case .array(let elements):
            line.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                element.write(to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .members(let members):
            line.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &line)
                line.append(UInt8(ascii: ":"))
                member.value.write(to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22, 0x5C: line += [UInt8(ascii: "\\"), UInt8(truncatingIfNeeded: unit)]
            case 0x0A: line += "\\n".utf8
            case 0x20...0x7E: line.append(UInt8(truncatingIfNeeded: unit))
            default:
                line += "\\u".utf8
                for shift in [12, 8, 4, 0] { line.append(hexDigits[Int(unit >> shift & 0xF)]) }
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)
}
