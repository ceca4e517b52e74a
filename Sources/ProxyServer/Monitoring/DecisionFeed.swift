import FilterEngine
import JSONText
import ServiceInterface
import Synchronization

/// Hands decisions to watchers as they are made. Costs sessions next to nothing while nobody watches, and never waits for a
/// watcher.
final class DecisionFeed: Sendable {
    private let watchers = Mutex<[ObjectIdentifier: DecisionWatcher]>([:])
    private let watcherCount = Atomic(0)
    private let greedyCount = Atomic(0)

    /// Whether anybody watches.
    var isWatched: Bool { watcherCount.load(ordering: .relaxed) > 0 }

    /// Whether anybody watches commands that are let through, too.
    var wantsAllowed: Bool { greedyCount.load(ordering: .relaxed) > 0 }

    /// `remove` must follow.
    func add(_ watcher: DecisionWatcher) {
        watchers.withLock { $0[ObjectIdentifier(watcher)] = watcher }
        watcherCount.wrappingAdd(1, ordering: .relaxed)
        if !watcher.filter.deniedOnly { greedyCount.wrappingAdd(1, ordering: .relaxed) }
    }

    func remove(_ watcher: DecisionWatcher) {
        guard watchers.withLock({ $0.removeValue(forKey: ObjectIdentifier(watcher)) }) != nil else { return }
        watcherCount.wrappingSubtract(1, ordering: .relaxed)
        if !watcher.filter.deniedOnly { greedyCount.wrappingSubtract(1, ordering: .relaxed) }
    }

    /// Shows a client that got no session to those who watch all profiles, for it has none.
    func publish(_ refusal: JSONValue) {
        let line = AdminProtocol.line(.object(["refusal": refusal]))
        for watcher in watchers.withLock({ Array($0.values) }) where watcher.filter.profile == nil {
            watcher.offer(line)
        }
    }

    func publish(_ decisions: [Decision], of session: SessionMeter) {
        let watchers = watchers.withLock { Array($0.values) }
        guard !watchers.isEmpty, let client = session.client else { return }
        for decision in decisions {
            let interested = watchers.filter { $0.filter.matches(decision, profile: client.profile) }
            guard !interested.isEmpty else { continue }
            let line = AdminProtocol.line(.object(["decision": decision.report(session, client)]))
            for watcher in interested { watcher.offer(line) }
        }
    }
}

/// The decisions that a watcher wants to see.
struct DecisionFilter: Equatable {
    var profile: String?
    /// What the profile does not list: denied, or let through in complain mode.
    var deniedOnly = false

    func matches(_ decision: Decision, profile name: String) -> Bool {
        if let profile, profile != name { return false }
        guard deniedOnly else { return true }
        return switch decision.verdict {
        case .denied, .tolerated, .withdrawn: true
        case .allowed, .rewritten, .answered: false
        }
    }
}

/// Lines that wait for one watcher. What it does not take in time is dropped, and it is told how much that was.
final class DecisionWatcher: Sendable {
    private struct Backlog {
        var bytes: [UInt8] = []
        var dropped = 0
    }

    /// How many bytes may wait.
    static let limit = 256 * 1024

    let filter: DecisionFilter
    private let wake: @Sendable () -> Void
    private let backlog = Mutex(Backlog())

    /// - Parameter wake: called when there is something to take and there was nothing before. It must not block.
    init(_ filter: DecisionFilter, wake: @escaping @Sendable () -> Void) {
        self.filter = filter
        self.wake = wake
    }

    func offer(_ line: [UInt8]) {
        let wasEmpty = backlog.withLock { backlog in
            guard backlog.dropped == 0, backlog.bytes.count + line.count <= Self.limit else {
                backlog.dropped += 1
                return false
            }
            defer { backlog.bytes += line }
            return backlog.bytes.isEmpty
        }
        if wasEmpty { wake() }
    }

    /// All that waits, and empties it.
    func take() -> [UInt8] {
        let (bytes, dropped) = backlog.withLock { backlog in
            defer { backlog = Backlog() }
            return (backlog.bytes, backlog.dropped)
        }
        return dropped > 0 ? bytes + AdminProtocol.line(.object(["dropped": .integer(dropped)])) : bytes
    }
}
