/// An element of `units`.
public enum UnitMatcher: Sendable, Hashable, CustomStringConvertible {
    /// `*`: matches any client, one of which no unit is known included.
    case any
    /// Units of this manager by their names. Those of a user's manager must be asked for, for any program of the user can have
    /// any such name.
    case named(UnitName.Manager, GlobMatcher)

    public init(_ text: String) {
        let name = UnitName(text)
        self = text == "*" ? .any : .named(name.manager, GlobMatcher(name.name))
    }

    /// Whether it is about this unit; nil where that is not known.
    public func matches(_ unit: UnitName?) -> Bool {
        switch self {
        case .any: true
        case .named(let manager, let glob): unit.map { $0.manager == manager && glob.matches($0.name) } ?? false
        }
    }

    /// Whether every program of a user can make itself match.
    public var isOfUser: Bool {
        if case .named(.user, _) = self { true } else { false }
    }

    public var description: String {
        switch self {
        case .any: "*"
        case .named(let manager, let glob): UnitName(manager: manager, name: glob.description).description
        }
    }
}
