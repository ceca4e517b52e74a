/// What `top` sorts sessions by; the largest comes first.
enum TopOrder: Character, CaseIterable {
    case commands = "c"
    case denied = "d"
    case bytes = "b"
    case age = "a"

    /// The column that shows it.
    var heading: String {
        switch self {
        case .commands: "CMD/S"
        case .denied: "DENIED"
        case .bytes: "RECV/S"
        case .age: "AGE"
        }
    }
}

/// A key press that `top` understands.
enum TopKey: Equatable {
    case quit
    case sort(TopOrder)
    case refresh
    case scroll(Int)
    case help
    case suspend

    /// The keys that `bytes` hold, as a terminal in raw mode sends them. Others are left out.
    static func parse(_ bytes: [UInt8]) -> [TopKey] {
        var keys = [TopKey]()
        var rest = bytes[...]
        while let first = rest.first {
            if let (sequence, lines) = scrolling.first(where: { rest.starts(with: Array($0.key.utf8)) }) {
                keys.append(.scroll(lines))
                rest = rest.dropFirst(sequence.utf8.count)
                continue
            }
            rest = rest.dropFirst()
            switch first {
            case UInt8(ascii: "q"), 3, 4: keys.append(.quit)
            case 26: keys.append(.suspend)
            case UInt8(ascii: " "), 12: keys.append(.refresh)
            case UInt8(ascii: "h"), UInt8(ascii: "?"): keys.append(.help)
            case UInt8(ascii: "j"): keys.append(.scroll(1))
            case UInt8(ascii: "k"): keys.append(.scroll(-1))
            // An escape sequence that nobody asked for: its letters are not keys.
            case 27: rest = rest.drop { !(0x40...0x7E).contains($0) || $0 == UInt8(ascii: "[") }.dropFirst()
            default:
                if let order = TopOrder(rawValue: Character(UnicodeScalar(first))) { keys.append(.sort(order)) }
            }
        }
        return keys
    }

    /// Cursor up and down, page up and down (console_codes(4)).
    private static let scrolling = [
        "\u{1B}[A": -1, "\u{1B}[B": 1, "\u{1B}OA": -1, "\u{1B}OB": 1, "\u{1B}[5~": -10, "\u{1B}[6~": 10,
    ]
}
