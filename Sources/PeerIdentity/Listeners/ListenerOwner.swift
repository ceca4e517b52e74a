/// Who listens at an address or a unix socket of this machine, seen from one peer.
public enum ListenerOwner: Hashable, Sendable {
    /// The peer's application, and nobody else.
    case own
    /// Nobody.
    case nobody
    /// The address is not this machine's.
    case elsewhere
    /// Another program, or others besides the application.
    case foreign(String)
}
