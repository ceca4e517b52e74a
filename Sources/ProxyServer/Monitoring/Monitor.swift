import FilterEngine
import JSONText
import Synchronization

/// The counters of a server, for its administrators.
final class Monitor: Sendable {
    /// Why clients got no session.
    enum Refusal: String, CaseIterable {
        case quota, unmatched, ambiguous, unidentified
    }

    /// How many different denials are kept for `denials`, and how many of them `status` shows.
    static let denialLimit = 500
    static let shownDenials = 20

    let decisions = DecisionFeed()
    /// From a client's connection to the first reply to it.
    let firstReply = DurationHistogram()
    /// How long tor said nothing while it owed a reply.
    let torReply = DurationHistogram()
    private let start = ContinuousClock.now
    private let profiles = Mutex<[String: TrafficMeter]>([:])
    private let refusals = Mutex<[Refusal: Int]>([:])
    private let recentRefusals = Mutex(RecentEvents())
    private let recentDenials = Mutex(RecentEvents(limit: Monitor.denialLimit))

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

    func record(_ refusal: Refusal) {
        refusals.withLock { $0[refusal, default: 0] += 1 }
    }

    /// Counts a refusal, keeps it for `status`, and shows it to watchers.
    func record(_ refusal: Refusal, _ client: RefusedClient) {
        record(refusal)
        recentRefusals.withLock { $0.record(client.key, of: client.owner) { client.report(refusal) } }
        if decisions.isWatched { decisions.publish(client.report(refusal)) }
    }

    /// Keeps a command that its profile does not list, or no longer, for `status` and `denials`: of equal commands of one
    /// application once.
    func record(_ decision: Decision, _ reason: DenialReason, _ client: SessionMeter.Client) {
        let command = decision.command
        let verdict = decision.verdict.name
        let line = LogText.escaped(command, limit: 200)
        let program =
            client.peer.label.flatMap { $0.isUnconfined ? nil : "\($0)" } ?? client.peer.executable.map { "\($0)" }
        let user = client.peer.userName ?? client.peer.credentials.map { "\($0.uid)" }
        recentDenials.withLock { denials in
            denials.record("\(verdict) \(program ?? "") \(user ?? "") \(line)", of: client.profile) {
                .object([
                    "profile": .string(client.profile), "verdict": .string(verdict), "command": .string(line),
                    "reason": .string("\(reason)"),
                    "program": .optional(program), "user": .optional(user),
                    "unit": .optional(client.peer.unit.map { "\($0)" }),
                ])
            }
        }
    }

    /// The last refusals, the latest first.
    var lastRefusals: JSONValue { recentRefusals.withLock { $0.report() } }

    /// The last denials, the latest first.
    var lastDenials: JSONValue { recentDenials.withLock { $0.report(Self.shownDenials) } }

    /// The answer to `denials`: since a time in seconds since 1970, of one profile or of all.
    func denials(since: Int, profile: String?) -> JSONValue {
        recentDenials.withLock { denials in
            .object([
                "denials": denials.report(since: since, owner: profile),
                "displaced": .integer(denials.displacedCount),
            ])
        }
    }

    /// What has passed under each profile that ever had a session, by name.
    var trafficByProfile: [String: Traffic] { profiles.withLock { $0.mapValues(\.traffic) } }

    var refusalCounts: [Refusal: Int] { refusals.withLock { $0 } }
}
