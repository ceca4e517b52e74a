import Glibc

/// The time that passes, in nanoseconds since some moment.
enum Clock {
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// What `seconds` are from now.
    static func after(_ seconds: Double) -> UInt64 { now + UInt64(seconds * 1e9) }

    static func seconds(since start: UInt64) -> Double { Double(now - start) / 1e9 }

    /// How long `body` takes, in seconds.
    static func time(_ body: () throws -> Void) rethrows -> Double {
        let start = now
        try body()
        return seconds(since: start)
    }
}
