import Dispatch

/// What all sessions of a server share.
struct SessionServices: Sendable {
    let upstream: Upstream
    let health: UpstreamHealth
    /// Every session is in one of them.
    let loops: [EventLoop]
    let policies: PolicyStore
    let endpoints: EndpointStore
    let onionServices: OnionServiceStore
    let unixIdentifications: WorkLimiter
    /// Apart, for they take a hundred times as long.
    let tcpIdentifications: WorkLimiter
    /// Looks up whose streams are.
    let streamOwners: WorkLimiter
    /// Looks up who listens where onion services lead.
    let targetOwners: WorkLimiter
    let cookie: ClientCookie?
    /// Sees clients off who have left, one after the other and on a thread of its own: to close a session takes as long as
    /// many commands, and when a thousand leave at once, the others shall not wait for that.
    let disconnections: DispatchQueue
    let requiresPeersec: Bool
    let limits: SessionLimits
    let privateUse: PrivateUse?
    let monitor: Monitor
    let log: Logger
}
