/// Finds a `|` outside all groups: the Python original anchors only what follows the last of them.
package enum TopLevelAlternation {
    /// The offset of the first one in the UTF-8 of `pattern`, which must be a valid pattern.
    package static func offset(in pattern: String) -> Int? {
        let bytes = Array(pattern.utf8)
        var depth = 0
        var position = 0
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\"): position += 1
            case UInt8(ascii: "["): position = endOfClass(bytes, from: position)
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: "|") where depth == 0: return position
            default: break
            }
            position += 1
        }
        return nil
    }

    /// The index of the `]` that ends the class beginning at `start`. A `]` that comes first is one of its members.
    private static func endOfClass(_ bytes: [UInt8], from start: Int) -> Int {
        var position = start + 1
        if position < bytes.count, bytes[position] == UInt8(ascii: "^") { position += 1 }
        let first = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\"): position += 1
            case UInt8(ascii: "]") where position > first: return position
            default: break
            }
            position += 1
        }
        return position
    }
}
