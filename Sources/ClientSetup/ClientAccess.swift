/// Who may use a profile on this machine.
public enum ClientAccess: Sendable, Hashable {
    /// The programs of one user, at a socket that only that user may open.
    case user(String)
    /// The programs of a group's members, at a socket that only they may open.
    case group(String)
    /// A service, at the socket that all applications share.
    case unit(String)
}
