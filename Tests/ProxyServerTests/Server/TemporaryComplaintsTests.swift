import Testing

@testable import ProxyServer

/// Complain mode for a while ends when it is over, and not before.
@Suite struct TemporaryComplaintsTests {
    @Test func eachEndsAtItsTime() {
        var complaints = TemporaryComplaints()
        complaints.begin("a", until: 10)
        complaints.begin("b", until: 20)
        #expect(complaints.remaining(at: 9.5) == ["a": 1, "b": 11])
        #expect(complaints.endDue(at: 9.9).isEmpty)
        #expect(complaints.endDue(at: 10) == ["a"] && !complaints.contains("a") && complaints.contains("b"))
        #expect(complaints.remaining(at: 30) == ["b": 0])
        complaints.keep(only: ["c"])
        #expect(!complaints.contains("b") && !complaints.end("b"))
    }

    @Test func anotherOrderReplacesTheFirst() {
        var complaints = TemporaryComplaints()
        complaints.begin("a", until: 10)
        complaints.begin("a", until: 30)
        #expect(complaints.endDue(at: 20).isEmpty && complaints.end("a"))
    }

    @Test func theClockGoesOn() { #expect(TemporaryComplaints.now > 0) }
}
