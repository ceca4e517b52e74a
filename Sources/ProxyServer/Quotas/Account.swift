import PeerIdentity
import Synchronization

/// What one owner of connections uses of what all share.
final class Account: Sendable {
    /// Why somebody gets no session.
    enum Refusal: Equatable {
        case tooManySessions(limit: Int)
        case tooManyConnections(perSecond: Int)
    }

    private struct State {
        var sessions = 0
        var connections: TokenBucket
        var denials: TokenBucket
        var refusals: LogAllowance
    }

    let owner: ConnectionOwner
    private let limits: Quota.Limits
    private let queued = Atomic(0)
    private let state: Mutex<State>

    init(of owner: ConnectionOwner, _ limits: Quota.Limits, now: UInt64) {
        self.owner = owner
        self.limits = limits
        state = Mutex(
            State(
                connections: TokenBucket(
                    burst: limits.connectionsPerSecond * 4, perSecond: limits.connectionsPerSecond, now: now),
                denials: TokenBucket(burst: 500, perSecond: 50, now: now), refusals: LogAllowance(now: now)))
    }

    /// Notes one more session, and `close` must follow; or says why there is none.
    func open(now: UInt64) -> Refusal? {
        state.withLock { state in
            guard state.connections.take(now: now) else {
                return .tooManyConnections(perSecond: limits.connectionsPerSecond)
            }
            guard state.sessions < limits.sessionsPerOwner else {
                return .tooManySessions(limit: limits.sessionsPerOwner)
            }
            state.sessions += 1
            return nil
        }
    }

    func close() {
        state.withLock { $0.sessions -= 1 }
    }

    /// Whether the owner has nothing, so that a fresh account would be as good.
    func isIdle(now: UInt64) -> Bool {
        state.withLock { $0.sessions == 0 && $0.connections.isFull(now: now) }
    }

    /// Notes that so many bytes more are kept for the owner, or fewer; false if that is more than one may have.
    func record(queued difference: Int) -> Bool {
        queued.wrappingAdd(difference, ordering: .relaxed).newValue <= limits.queuedBytesPerOwner
    }

    /// Whether the log takes one more denial of this owner's sessions.
    func mayLogDenial(now: UInt64) -> Bool {
        state.withLock { $0.denials.take(now: now) }
    }

    /// Whether the log takes one more client of this owner's who gets no session; if so, how many it did not take since.
    func mayLogRefusal(now: UInt64) -> Int? {
        state.withLock { $0.refusals.take(now: now) }
    }
}

extension Account.Refusal: CustomStringConvertible {
    /// For the client and for the log.
    var description: String {
        switch self {
        case .tooManySessions(let limit): "too many sessions at once: one user, or one machine, may have \(limit)"
        case .tooManyConnections(let perSecond):
            "too many connections in a short time: one user, or one machine, may make \(perSecond) each second"
        }
    }
}
