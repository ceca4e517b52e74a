/// An element of `apparmor-profiles`, `flatpaks` or `sockets`.
public enum NameMatcher: Sendable, Hashable, CustomStringConvertible {
    /// `*`: matches any client, one of which nothing is known included.
    case any
    /// This name, byte for byte.
    case exactly(String)

    public init(_ text: String) {
        self = text == "*" ? .any : .exactly(text)
    }

    /// Whether it is about this name; nil where that is not known.
    public func matches(_ name: String?) -> Bool {
        switch self {
        case .any: true
        case .exactly(let wanted): name.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
        }
    }

    public var description: String {
        switch self {
        case .any: "*"
        case .exactly(let name): name
        }
    }
}
