import Dispatch
import Synchronization

/// Whether tor could be reached lately, as all sessions together found out: while it cannot, clients that ask again and
/// again cost neither connections nor lines of the log.
final class UpstreamHealth: Sendable {
    /// What came of the last try to reach tor.
    enum State: Equatable {
        /// Nobody has tried yet.
        case unknown
        /// `version`: tor's, where it told.
        case reached(version: [UInt8]?)
        case unavailable(String)
    }

    private struct Failure {
        let reason: String
        let time: DispatchTime
        /// When it was last logged.
        var logTime: DispatchTime
    }

    /// How long a failure counts for those who ask next.
    private static let validity = DispatchTimeInterval.milliseconds(200)
    /// How long a failure that goes on is not logged again.
    private static let silence = DispatchTimeInterval.seconds(60)

    private let failure = Mutex<Failure?>(nil)
    private let lastOutcome = Mutex(State.unknown)

    var state: State { lastOutcome.withLock { $0 } }

    /// Whether to try to reach tor now.
    ///
    /// A client that asks again within a moment after a failure is not worth a try. One that has just come gets a try of its
    /// own, since tor may be back, unless too many come.
    ///
    /// - Parameter isFirst: whether the session has not tried yet.
    func mayTry(isFirst: Bool) -> Bool {
        let hasJustFailed = failure.withLock { failure in failure.map { $0.time + Self.validity > .now() } ?? false }
        guard hasJustFailed else { return true }
        return isFirst && firstTries.withLock { $0.take(now: DispatchTime.now().uptimeNanoseconds) }
    }

    /// The tries of newcomers while tor cannot be reached, all together.
    private let firstTries = Mutex(TokenBucket(burst: 64, perSecond: 32, now: DispatchTime.now().uptimeNanoseconds))

    /// Records a failure; true if it should be logged.
    func recordFailure(_ reason: String) -> Bool {
        lastOutcome.withLock { $0 = .unavailable(reason) }
        return failure.withLock { failure in
            let now = DispatchTime.now()
            let isNews = failure.map { $0.reason != reason || $0.logTime + Self.silence <= now } ?? true
            failure = Failure(reason: reason, time: now, logTime: isNews ? now : failure?.logTime ?? now)
            return isNews
        }
    }

    /// Notes that tor was reached; true if it could not be before.
    func recordSuccess(version: [UInt8]?) -> Bool {
        lastOutcome.withLock { $0 = .reached(version: version) }
        return failure.withLock { failure in
            defer { failure = nil }
            return failure != nil
        }
    }
}
