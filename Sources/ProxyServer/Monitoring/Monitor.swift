import Synchronization

/// What a server counts for those who look after it.
final class Monitor: Sendable {
    /// Why clients got no session.
    enum Refusal: String, CaseIterable {
        case quota, unmatched, unidentified
    }

    let decisions = DecisionFeed()
    private let start = ContinuousClock.now
    private let profiles = Mutex<[String: TrafficMeter]>([:])
    private let refusals = Mutex<[Refusal: Int]>([:])

    var uptimeInSeconds: Int { Int(clamping: start.duration(to: .now).components.seconds) }

    /// Counts for all sessions, past ones too, of the profile with this name.
    func meter(ofProfile name: String) -> TrafficMeter {
        profiles.withLock { profiles in
            if let meter = profiles[name] { return meter }
            let meter = TrafficMeter()
            profiles[name] = meter
            return meter
        }
    }

    func note(_ refusal: Refusal) {
        refusals.withLock { $0[refusal, default: 0] += 1 }
    }

    /// What has passed under each profile that ever had a session, by name.
    var trafficByProfile: [String: Traffic] { profiles.withLock { $0.mapValues(\.traffic) } }

    var refusalCounts: [Refusal: Int] { refusals.withLock { $0 } }
}
