import Dispatch
import Synchronization

/// Counts durations by size, for Prometheus's histograms. Any thread may add and read.
final class DurationHistogram: Sendable {
    /// The buckets' upper bounds, in microseconds: from less than a round trip on this machine takes, to a tor that hangs.
    static let bounds = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000, 30_000_000,
    ]

    /// What has been counted so far.
    struct Figures: Equatable {
        /// How many durations there were up to each bound, smaller ones included.
        var upToBound: [Int]
        /// How many there were in all.
        var count: Int
        /// What they amount to.
        var microseconds: Int
    }

    private struct State {
        var buckets = [Int](repeating: 0, count: DurationHistogram.bounds.count)
        var count = 0
        var microseconds = 0
    }

    private let state = Mutex(State())

    func add(from start: DispatchTime, to end: DispatchTime = .now()) {
        let nanoseconds = end > start ? end.uptimeNanoseconds - start.uptimeNanoseconds : 0
        add(microseconds: Int(clamping: nanoseconds / 1000))
    }

    func add(microseconds: Int) {
        let bucket = Self.bounds.firstIndex { microseconds <= $0 }
        state.withLock { state in
            if let bucket { state.buckets[bucket] += 1 }
            state.count += 1
            state.microseconds &+= microseconds
        }
    }

    var figures: Figures {
        state.withLock { state in
            var sum = 0
            let upToBound = state.buckets.map { count in
                sum += count
                return sum
            }
            return Figures(upToBound: upToBound, count: state.count, microseconds: state.microseconds)
        }
    }
}
