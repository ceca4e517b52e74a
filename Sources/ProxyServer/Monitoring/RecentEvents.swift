import Glibc
import JSONText

/// Recent events: equal ones are kept once, with their count and times.
///
/// Bounded. An owner that makes many different events displaces its own before anybody else's.
struct RecentEvents {
    private struct Key: Hashable {
        let owner: String
        let text: String
    }

    private struct Event {
        let details: JSONValue
        let first: Int
        var last: Int
        var count = 1
        /// Larger for later events: times have seconds only.
        var order: Int
    }

    /// How many are kept.
    let limit: Int
    /// How many had to make room for others.
    private(set) var displacedCount = 0

    private var events: [Key: Event] = [:]
    private var nextOrder = 0

    init(limit: Int = 20) {
        self.limit = limit
    }

    /// - Parameters:
    ///   - key: what makes events equal.
    ///   - owner: who made it happen.
    ///   - details: what to report of it; called only for the first event of its kind.
    mutating func record(_ key: String, of owner: String, _ details: () -> JSONValue) {
        let now = time(nil)
        let key = Key(owner: owner, text: key)
        nextOrder += 1
        if events[key] != nil {
            events[key]?.count += 1
            events[key]?.last = now
            events[key]?.order = nextOrder
            return
        }
        if events.count == limit { displace() }
        events[key] = Event(details: details(), first: now, last: now, order: nextOrder)
    }

    /// Drops the oldest event of the owner who has most.
    private mutating func displace() {
        let counts = Dictionary(events.keys.map { ($0.owner, 1) }, uniquingKeysWith: +)
        let most = counts.values.max()
        let candidates = events.filter { counts[$0.key.owner] == most }
        guard let oldest = candidates.min(by: { $0.value.order < $1.value.order }) else { return }
        events[oldest.key] = nil
        displacedCount += 1
    }

    /// The latest first, at most `count` of them. Times are in seconds since 1970.
    ///
    /// - Parameters:
    ///   - since: only events that happened at or after this time.
    ///   - owner: only events of this owner.
    func report(_ count: Int? = nil, since: Int = 0, owner: String? = nil) -> JSONValue {
        let wanted = events.filter { $0.value.last >= since && (owner == nil || $0.key.owner == owner) }.values
        return .array(
            wanted.sorted { $0.order > $1.order }.prefix(count ?? limit).map { event in
                event.details.adding([
                    "count": .integer(event.count), "first": .integer(event.first), "last": .integer(event.last),
                ])
            })
    }
}
