import Glibc

/// The systemd unit that a process belongs to, told from its control group as systemd lays them out.
public struct Unit: Hashable, Sendable {
    /// Whose unit it is. A user's manager runs whatever its user asks it to, under any name.
    public enum Manager: Hashable, Sendable {
        case system
        case user(uid_t)
    }

    /// Whose unit it is.
    public let manager: Manager
    /// `onionshare@1.service`, `app-org.onionshare.OnionShare-1234.scope`.
    public let name: String

    public init(manager: Manager, name: String) {
        self.manager = manager
        self.name = name
    }

    /// The unit of a control group; nil where it is in none.
    ///
    /// The outermost service or scope counts, for what is below that is its own affair; only a user's manager, which is
    /// `user@UID.service` of the system's, has units below it.
    public init?(controlGroup path: String) {
        var names = path.split(separator: "/").map(Self.unescape)[...]
        guard let outermost = Self.popUnit(&names) else { return nil }
        if let uid = Self.managedUser(outermost), let inner = Self.popUnit(&names) {
            self.init(manager: .user(uid), name: inner)
        } else {
            self.init(manager: .system, name: outermost)
        }
    }

    /// Drops slices, and then takes the unit; nil if something else is in its place.
    private static func popUnit(_ names: inout ArraySlice<String>) -> String? {
        while let first = names.first, first.hasSuffix(".slice") { names.removeFirst() }
        guard let name = names.popFirst(), name.hasSuffix(".service") || name.hasSuffix(".scope") else { return nil }
        return name
    }

    private static func managedUser(_ name: String) -> uid_t? {
        guard name.hasPrefix("user@"), name.hasSuffix(".service") else { return nil }
        return uid_t(name.dropFirst("user@".count).dropLast(".service".count))
    }

    /// Systemd puts `_` before names that the kernel would take for its own.
    private static func unescape(_ name: Substring) -> String {
        String(name.hasPrefix("_") ? name.dropFirst() : name)
    }
}

extension Unit: CustomStringConvertible {
    public var description: String {
        switch manager {
        case .system: name
        case .user(let uid): "\(name) of user \(uid)"
        }
    }
}
