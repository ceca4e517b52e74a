import Testing

@testable import ProxyServer

@Suite struct LogAllowanceTests {
    @Test func allowsABurstAndThenAFewASecond() {
        var allowance = LogAllowance(now: 1000)
        for _ in 0..<LogAllowance.burst { #expect(allowance.take(now: 1000) == 0) }
        for _ in 0..<7 { #expect(allowance.take(now: 1000) == nil) }
        let later = 1000 + 1_000_000_000 / UInt64(LogAllowance.perSecond)
        #expect(allowance.take(now: later) == 7)
        #expect(allowance.take(now: later) == nil)
        #expect(allowance.takeWithheld() == 1)
        #expect(allowance.takeWithheld() == 0)
    }

    @Test func savesUpNoMoreThanABurst() {
        var allowance = LogAllowance(now: 0)
        let later = UInt64.max / 2
        for _ in 0..<LogAllowance.burst { #expect(allowance.take(now: later) == 0) }
        #expect(allowance.take(now: later) == nil)
        #expect(allowance.take(now: 0) == nil)
    }
}
