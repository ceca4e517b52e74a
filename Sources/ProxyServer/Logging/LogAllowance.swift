import Dispatch

/// How many log records one session may cause: some at once, and then a few each second. A client may repeat a refused
/// command thousands of times a second, and each record is dearer than the refusal.
struct LogAllowance {
    /// Records at once.
    static let burst = 50
    /// The time after which there is one more.
    static let interval: UInt64 = 250_000_000

    private var available = LogAllowance.burst
    private var lastGrant: UInt64
    /// How many records were not allowed since this was last asked for.
    private var withheld = 0

    /// - Parameter now: nanoseconds of a clock that never goes back.
    init(now: UInt64) {
        lastGrant = now
    }

    /// Whether one more record is allowed, here and by what `others` say; if so, how many were not since the last one.
    mutating func take(now: UInt64, others: () -> Bool = { true }) -> Int? {
        let grants = (now - min(lastGrant, now)) / Self.interval
        if grants > 0 {
            available = min(Self.burst, available + Int(clamping: grants))
            lastGrant += grants * Self.interval
        }
        guard available > 0, others() else {
            withheld += 1
            return nil
        }
        available -= 1
        return takeWithheld()
    }

    /// How many records were not allowed since this was last told.
    mutating func takeWithheld() -> Int {
        defer { withheld = 0 }
        return withheld
    }
}
