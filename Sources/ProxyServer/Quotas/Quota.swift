/// The limits of a server, for all clients together and for one owner: a user of this machine, or another machine.
public struct Quota: Sendable {
    /// Sessions of all clients together; never more than there are descriptors for, which is also what nil means.
    public var sessions: Int?
    /// Sessions of one owner; nil for half of all, but no more than 2048.
    public var sessionsPerOwner: Int?
    /// Connections that one owner may make each second. Four times as many may come at once.
    public var connectionsPerSecond = 500
    /// Bytes that may be kept in all sessions of one owner together: what waits to be written, and what has no end yet.
    public var queuedBytesPerOwner = 64 << 20

    public init() {}

    /// The bounds that hold with so many descriptors.
    func limits(_ descriptors: DescriptorLimit) -> Limits {
        let sessions = min(sessions ?? .max, descriptors.sessionLimit)
        return Limits(
            sessions: max(1, sessions), sessionsPerOwner: max(1, sessionsPerOwner ?? min(2048, sessions / 2)),
            connectionsPerSecond: min(max(1, connectionsPerSecond), 1_000_000),
            queuedBytesPerOwner: max(1, queuedBytesPerOwner))
    }

    /// A quota with all of its numbers settled, each at least one. `connectionsPerSecond` is no more than 10^6.
    struct Limits: Sendable {
        let sessions: Int
        let sessionsPerOwner: Int
        let connectionsPerSecond: Int
        let queuedBytesPerOwner: Int
    }
}
