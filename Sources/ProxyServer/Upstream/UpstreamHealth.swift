import Dispatch
import Synchronization

/// Whether tor could be reached lately, as all sessions together found out: while it cannot, clients that ask again and
/// again cost neither connections nor lines of the log.
final class UpstreamHealth: Sendable {
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

    /// Whether tor could not be reached a moment ago, so that another try is not worth it.
    var hasJustFailed: Bool {
        failure.withLock { failure in failure.map { $0.time + Self.validity > .now() } ?? false }
    }

    /// Notes a failure; true if it is to be logged.
    func noteFailure(_ reason: String) -> Bool {
        failure.withLock { failure in
            let now = DispatchTime.now()
            let isNews = failure.map { $0.reason != reason || $0.logTime + Self.silence <= now } ?? true
            failure = Failure(reason: reason, time: now, logTime: isNews ? now : failure?.logTime ?? now)
            return isNews
        }
    }

    /// Notes that tor was reached; true if it could not be before.
    func noteSuccess() -> Bool {
        failure.withLock { failure in
            defer { failure = nil }
            return failure != nil
        }
    }
}
