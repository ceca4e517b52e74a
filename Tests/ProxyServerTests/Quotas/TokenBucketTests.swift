import Testing

@testable import ProxyServer

@Suite struct TokenBucketTests {
    static let second: UInt64 = 1_000_000_000

    @Test func givesABurstAndThenSoManyEachSecond() {
        var bucket = TokenBucket(burst: 3, perSecond: 2, now: 0)
        let half = Self.second / 2
        #expect(Self.take(5, from: &bucket, now: 0) == 3)
        #expect(Self.take(5, from: &bucket, now: half - 1) == 0)
        #expect(Self.take(5, from: &bucket, now: half) == 1)
        let isFull = [2 * half, 20 * half].map { bucket.isFull(now: $0) }
        #expect(isFull == [false, true])
        #expect(Self.take(5, from: &bucket, now: 20 * half) == 3)
    }

    @Test func survivesAClockThatStandsOrIsFarAhead() {
        var bucket = TokenBucket(burst: 0, perSecond: .max, now: Self.second)
        #expect(Self.take(2, from: &bucket, now: 0) == 1)
        #expect(Self.take(2, from: &bucket, now: .max) == 1)
    }

    /// How many of so many tries succeed.
    private static func take(_ count: Int, from bucket: inout TokenBucket, now: UInt64) -> Int {
        var taken = 0
        for _ in 0..<count where bucket.take(now: now) { taken += 1 }
        return taken
    }
}
