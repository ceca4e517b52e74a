import ControlProtocol
import PeerIdentity
import Synchronization
import Testing

@testable import ProxyServer

/// What one owner has used up is still there for others.
@Suite struct AccountsTests {
    static let limits = Quota.Limits(
        sessions: 5, sessionsPerOwner: 3, connectionsPerSecond: 100, queuedBytesPerOwner: 1000)

    @Test func refusesOneOwnerAndNotAnother() throws {
        let accounts = Accounts(Self.limits)
        var charges = try (0..<3).map { _ in try Self.open(accounts, .user(1)) }
        #expect(Self.refusal(accounts, .user(1)) == .tooManySessions(limit: 3))
        charges.append(try Self.open(accounts, .user(2)))
        charges.removeFirst()
        charges.append(try Self.open(accounts, .user(1)))
        #expect(Self.refusal(accounts, .user(1)) == .tooManySessions(limit: 3))
        #expect(charges.count == 4)
    }

    @Test func refusesWhoConnectsTooOften() throws {
        let accounts = Accounts(Self.limits)
        for _ in 0..<400 { _ = try Self.open(accounts, .user(1)) }
        #expect(Self.refusal(accounts, .user(1)) == .tooManyConnections(perSecond: 100))
        _ = try Self.open(accounts, .user(2))
        _ = try Self.open(accounts, .user(1), now: 10_000_000)
        #expect(Self.refusal(accounts, .user(1), now: 10_000_000) == .tooManyConnections(perSecond: 100))
    }

    @Test func callsWhoWaitsForRoomOnce() throws {
        let accounts = Accounts(Self.limits)
        let calls = Mutex(0)
        let count: @Sendable () -> Void = { calls.withLock { $0 += 1 } }
        accounts.whenRoom(count)
        #expect(calls.withLock { $0 } == 1)
        var charges = try [1, 1, 1, 2, 2].map { try Self.open(accounts, .user($0)) }
        #expect(!accounts.hasRoom)
        accounts.whenRoom(count)
        #expect(calls.withLock { $0 } == 1)
        charges.removeLast()
        #expect(accounts.hasRoom)
        charges.removeLast()
        #expect(calls.withLock { $0 } == 2)
    }

    @Test func addsUpWhatAllSessionsOfAnOwnerHaveWaiting() throws {
        let accounts = Accounts(Self.limits)
        let first = try Self.open(accounts, .user(1))
        var second: Charge? = try Self.open(accounts, .user(1))
        let other = try Self.open(accounts, .user(2))
        #expect(first.record(queued: 600))
        #expect(second?.record(queued: 400) == true)
        #expect(second?.record(queued: 401) == false)
        #expect(second?.record(queued: 400) == true)
        #expect(other.record(queued: 1000))
        second = nil
        #expect(first.record(queued: 1000))
        #expect(!first.record(queued: 1001))
    }

    @Test func forgetsOwnersWhoHaveNothing() throws {
        let accounts = Accounts(Self.limits)
        let kept = try Self.open(accounts, .user(0))
        #expect(kept.record(queued: 1001) == false)
        for uid in 1...5000 { _ = try Self.open(accounts, .user(UInt32(uid)), now: UInt64(uid) * 1_000_000_000) }
        #expect(accounts.ownerCount < 2048)
        let again = try Self.open(accounts, .user(0), now: 5000 * 1_000_000_000)
        #expect(again.account === kept.account)
    }

    @Test func settlesWhatIsNotGiven() throws {
        var quota = Quota()
        #expect(quota.limits(DescriptorLimit(count: 65_536)).sessions == 10_912)
        #expect(quota.limits(DescriptorLimit(count: 65_536)).sessionsPerOwner == 2048)
        #expect(quota.limits(DescriptorLimit(count: 256)).sessions == 32)
        #expect(quota.limits(DescriptorLimit(count: 256)).sessionsPerOwner == 16)
        quota.sessions = 1_000_000
        quota.sessionsPerOwner = 7
        #expect(quota.limits(DescriptorLimit(count: 256)).sessions == 32)
        #expect(quota.limits(DescriptorLimit(count: 256)).sessionsPerOwner == 7)
        #expect(quota.limits(DescriptorLimit(count: 10)).sessions == 1)
    }

    private static func open(_ accounts: Accounts, _ owner: ConnectionOwner, now: UInt64 = 0) throws -> Charge {
        switch accounts.open(for: owner, now: now) {
        case .opened(let charge): return charge
        case .refused(_, let why): throw TestError("\(owner): \(why)")
        }
    }

    private static func refusal(_ accounts: Accounts, _ owner: ConnectionOwner, now: UInt64 = 0) -> Account.Refusal? {
        if case .refused(_, let why) = accounts.open(for: owner, now: now) { why } else { nil }
    }
}
