/// A rate limit that allows a burst, and then so much each second.
struct TokenBucket {
    private let burst: Int
    /// Nanoseconds after which there is one more.
    private let interval: UInt64
    private var available: Int
    private var lastGrant: UInt64

    /// - Parameters:
    ///   - burst: how much at once; at least one.
    ///   - perSecond: from 1 to 10^9.
    ///   - now: nanoseconds of a clock that never goes back.
    init(burst: Int, perSecond: Int, now: UInt64) {
        self.burst = max(1, burst)
        interval = 1_000_000_000 / UInt64(min(max(1, perSecond), 1_000_000_000))
        available = self.burst
        lastGrant = now
    }

    /// Takes one; false if there is none.
    mutating func take(now: UInt64) -> Bool {
        fill(now: now)
        guard available > 0 else { return false }
        available -= 1
        return true
    }

    /// Whether there is none to take.
    mutating func isEmpty(now: UInt64) -> Bool {
        fill(now: now)
        return available == 0
    }

    /// Whether as much may be taken as ever.
    mutating func isFull(now: UInt64) -> Bool {
        fill(now: now)
        return available == burst
    }

    private mutating func fill(now: UInt64) {
        let grants = (now - min(lastGrant, now)) / interval
        guard grants > 0 else { return }
        available = min(burst, available + Int(clamping: min(grants, UInt64(burst))))
        lastGrant += grants * interval
    }
}
