/// The systemd unit that a client runs in.
public struct UnitName: Sendable, Hashable {
    /// Whose manager runs it. A user's manager runs whatever its user asks it to, under any name.
    public enum Manager: Sendable, Hashable {
        case system
        /// The manager of the client's own user.
        case user
    }

    /// Whose manager runs it.
    public let manager: Manager
    /// As systemd has it: `chat@1.service`.
    public let name: String

    public init(manager: Manager, name: String) {
        self.manager = manager
        self.name = name
    }
}

extension UnitName: CustomStringConvertible {
    private static let userPrefix = "user:"

    /// A unit as profiles write it: `chat@1.service`, or `user:app-chat-17.scope` of a user's manager.
    public init(_ text: String) {
        let isUsers = text.utf8.starts(with: Self.userPrefix.utf8)
        self.init(
            manager: isUsers ? .user : .system,
            name: isUsers ? String(text.dropFirst(Self.userPrefix.count)) : text)
    }

    public var description: String { (manager == .user ? Self.userPrefix : "") + name }
}
