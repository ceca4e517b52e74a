/// How many log records one session may cause: some at once, and then a few each second. A client may repeat a refused
/// command thousands of times a second, and each record is dearer than the refusal.
struct LogAllowance {
    /// Records at once.
    static let burst = 50
    /// Records each second once these are used up.
    static let perSecond = 4

    private var records: TokenBucket
    /// How many records were not allowed since this was last asked for.
    private var withheld = 0

    /// - Parameter now: nanoseconds of a clock that never goes back.
    init(now: UInt64) {
        records = TokenBucket(burst: Self.burst, perSecond: Self.perSecond, now: now)
    }

    /// Whether one more record is allowed, here and by what `others` say; if so, how many were not since the last one.
    mutating func take(now: UInt64, others: () -> Bool = { true }) -> Int? {
        guard !records.isEmpty(now: now), others(), records.take(now: now) else {
            withheld += 1
            return nil
        }
        return takeWithheld()
    }

    /// How many records were not allowed since this was last told.
    mutating func takeWithheld() -> Int {
        defer { withheld = 0 }
        return withheld
    }
}
