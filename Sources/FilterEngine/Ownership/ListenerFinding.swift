/// Who listens where an onion service is to lead, as far as the kernel can tell.
public enum ListenerFinding: Sendable, Hashable {
    /// The client's own application, and nobody else.
    case own
    /// Nobody.
    case nobody
    /// The address is another machine's.
    case elsewhere
    /// Another program, or it is uncertain who: a clause for the log that says so.
    case foreign(String)
}
