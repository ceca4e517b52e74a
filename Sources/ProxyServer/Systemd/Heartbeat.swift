import Dispatch
import Synchronization

/// Tells the service manager, again and again, that the server works and what it is about.
///
/// Invariant: there is a sign of life only after `roundTrip` has come back, and never two round trips at once. A server that
/// hangs is thus silent, and is restarted.
final class Heartbeat: Sendable {
    private let manager: ServiceManager
    private let roundTrip: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let status: @Sendable () -> String
    private let queue = DispatchQueue(label: "onion-grater.heartbeat")
    private let state = Mutex(State())

    private struct State {
        var isUnderWay = false
        var lastStatus = ""
    }

    /// How old the status may be.
    private static let statusInterval = DispatchTimeInterval.seconds(5)

    /// - Parameters:
    ///   - roundTrip: calls what it is given, on any thread, once all that clients depend on has had its turn.
    ///   - status: what the server is about, in one line.
    init(
        telling manager: ServiceManager, roundTrip: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        status: @escaping @Sendable () -> String
    ) {
        self.manager = manager
        self.roundTrip = roundTrip
        self.status = status
    }

    /// Begins, and goes on as long as somebody holds this.
    func start() {
        queue.async { self.beat() }
        queue.asyncAfter(deadline: .now() + interval) { [weak self] in self?.start() }
    }

    /// The manager should hear from us twice in the time that it waits.
    private var interval: DispatchTimeInterval {
        guard case .microseconds(let wait)? = manager.watchdogInterval, wait / 2 < 5_000_000 else {
            return Self.statusInterval
        }
        return .microseconds(max(wait / 2, 1000))
    }

    private func beat() {
        let starts = state.withLock { state in
            defer { state.isUnderWay = true }
            return !state.isUnderWay
        }
        guard starts else { return }
        roundTrip {
            let status = self.status()
            let isNews = self.state.withLock { state in
                state.isUnderWay = false
                defer { state.lastStatus = status }
                return state.lastStatus != status
            }
            if self.manager.watchdogInterval != nil { self.manager.tell(.alive) }
            if isNews { self.manager.tell(.status(status)) }
        }
    }
}
