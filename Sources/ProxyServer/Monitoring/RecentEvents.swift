import Glibc
import JSONText

/// What happened lately, for people who ask later: equal events once, with how often and when.
///
/// It is bounded, and who makes many different events displaces its own before anybody else's.
struct RecentEvents {
    private struct Event {
        let key: String
        let owner: String
        let details: JSONValue
        let first: Int
        var last: Int
        var count = 1
    }

    /// How many are kept.
    static let limit = 20

    /// The latest last.
    private var events: [Event] = []

    /// - Parameters:
    ///   - key: what makes events equal.
    ///   - owner: who made it happen.
    ///   - details: what to tell of it; asked for only if it is the first of its kind.
    mutating func record(_ key: String, of owner: String, _ details: () -> JSONValue) {
        let now = time(nil)
        if let index = events.firstIndex(where: { $0.key == key && $0.owner == owner }) {
            var event = events.remove(at: index)
            event.count += 1
            event.last = now
            events.append(event)
            return
        }
        if events.count == Self.limit { displace() }
        events.append(Event(key: key, owner: owner, details: details(), first: now, last: now))
    }

    /// Drops the oldest event of the owner who has most.
    private mutating func displace() {
        let counts = Dictionary(events.map { ($0.owner, 1) }, uniquingKeysWith: +)
        let most = counts.values.max()
        if let index = events.firstIndex(where: { counts[$0.owner] == most }) { events.remove(at: index) }
    }

    /// The latest first. Times are in seconds since 1970.
    var report: JSONValue {
        .array(
            events.reversed().map { event in
                event.details.adding([
                    "count": .integer(event.count), "first": .integer(event.first), "last": .integer(event.last),
                ])
            })
    }
}
