import FilterEngine
import Synchronization

/// Counts the traffic of one session, or of all sessions of a profile. Any thread may add and read.
final class TrafficMeter: Sendable {
    private let allowed = Atomic(0)
    private let rewritten = Atomic(0)
    private let tolerated = Atomic(0)
    private let answered = Atomic(0)
    private let denied = Atomic(0)
    private let bytesFromClient = Atomic(0)
    private let bytesToClient = Atomic(0)

    func add(_ counts: DecisionCounts) {
        Self.add(counts.allowed, to: allowed)
        Self.add(counts.rewritten, to: rewritten)
        Self.add(counts.tolerated, to: tolerated)
        Self.add(counts.answered, to: answered)
        Self.add(counts.denied, to: denied)
    }

    func add(bytesFromClient count: Int) { Self.add(count, to: bytesFromClient) }
    func add(bytesToClient count: Int) { Self.add(count, to: bytesToClient) }

    var traffic: Traffic {
        var traffic = Traffic()
        traffic.decisions.allowed = allowed.load(ordering: .relaxed)
        traffic.decisions.rewritten = rewritten.load(ordering: .relaxed)
        traffic.decisions.tolerated = tolerated.load(ordering: .relaxed)
        traffic.decisions.answered = answered.load(ordering: .relaxed)
        traffic.decisions.denied = denied.load(ordering: .relaxed)
        traffic.bytesFromClient = bytesFromClient.load(ordering: .relaxed)
        traffic.bytesToClient = bytesToClient.load(ordering: .relaxed)
        return traffic
    }

    private static func add(_ count: Int, to atomic: borrowing Atomic<Int>) {
        if count != 0 { atomic.wrappingAdd(count, ordering: .relaxed) }
    }
}

/// The traffic so far.
struct Traffic {
    var decisions = DecisionCounts()
    var bytesFromClient = 0
    var bytesToClient = 0
}
