import ControlProtocol

/// An element of `users` or `groups`.
public enum AccountMatcher: Sendable, Hashable, CustomStringConvertible {
    /// `*`: matches any client, one of which nothing is known included.
    case any
    case id(UInt32)
    case name(String)

    /// Nil for a number that is no uid or gid, or not written as plain decimal.
    public init?(_ text: String) {
        if text == "*" {
            self = .any
        } else if text.utf8.allSatisfy(\.isASCIIDigit) {
            guard let id = UInt32(text), id != .max, String(id) == text else { return nil }
            self = .id(id)
        } else {
            self = .name(text)
        }
    }

    /// Whether it is about an account with this number or this name; nil where that is not known.
    public func matches(id: UInt32?, name: String?) -> Bool {
        switch self {
        case .any: true
        case .id(let wanted): id == wanted
        case .name(let wanted): name.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
        }
    }

    public var description: String {
        switch self {
        case .any: "*"
        case .id(let id): String(id)
        case .name(let name): name
        }
    }
}
