import JSONText

/// Totals of a session or a profile since it began.
struct TrafficCounters: Equatable {
    /// Commands that were decided, whatever became of them.
    var commands = 0
    /// Of these, the ones that the profile does not list, let through in complain mode or not.
    var denied = 0
    var bytesSent = 0
    var bytesReceived = 0

    /// - Parameter traffic: the member `traffic` of a session or a profile, in the daemon's answer to `status`.
    init(_ traffic: JSONValue?) {
        func count(_ key: String) -> Int { traffic?[key]?.integer ?? 0 }
        denied = count("denied") + count("tolerated")
        commands = count("allowed") + count("answered") + count("rewritten") + denied
        bytesSent = count("bytes-from-client")
        bytesReceived = count("bytes-to-client")
    }

    init() {}

    static func += (total: inout Self, part: Self) {
        total.commands += part.commands
        total.denied += part.denied
        total.bytesSent += part.bytesSent
        total.bytesReceived += part.bytesReceived
    }
}

/// The daemon's state at one moment, with the counters that rates are computed from.
struct TopSample {
    /// In seconds, on a clock that never goes back.
    let time: Double
    let status: JSONValue
    let sessions: [Int: TrafficCounters]
    let profiles: [String: TrafficCounters]

    /// - Parameter status: the daemon's answer to `status`.
    init(_ status: JSONValue, at time: Double) {
        self.time = time
        self.status = status
        sessions = Self.counters(status["sessions"], by: { $0["session"]?.integer })
        profiles = Self.counters(status["profiles"], by: { $0["name"]?.text })
    }

    private static func counters<Key: Hashable>(_ list: JSONValue?, by key: (JSONValue) -> Key?) -> [Key:
        TrafficCounters]
    {
        var counters = [Key: TrafficCounters]()
        for element in list?.elements ?? [] {
            guard let key = key(element) else { continue }
            counters[key] = TrafficCounters(element["traffic"])
        }
        return counters
    }
}

/// Activity per second.
struct TrafficRates: Equatable {
    private(set) var commands = 0.0
    private(set) var denied = 0.0
    private(set) var bytesSent = 0.0
    private(set) var bytesReceived = 0.0

    init() {}

    /// - Parameters:
    ///   - seconds: between the two. Without time there is no rate: all are 0.
    init(from earlier: TrafficCounters, to later: TrafficCounters, in seconds: Double) {
        guard seconds > 0 else { return }
        // A daemon that was restarted counts from 0 again.
        func rate(_ count: KeyPath<TrafficCounters, Int>) -> Double {
            Double(max(later[keyPath: count] - earlier[keyPath: count], 0)) / seconds
        }
        commands = rate(\.commands)
        denied = rate(\.denied)
        bytesSent = rate(\.bytesSent)
        bytesReceived = rate(\.bytesReceived)
    }

    static func += (total: inout Self, part: Self) {
        total.commands += part.commands
        total.denied += part.denied
        total.bytesSent += part.bytesSent
        total.bytesReceived += part.bytesReceived
    }
}
