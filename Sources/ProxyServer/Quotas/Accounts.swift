import PeerIdentity
import Synchronization

/// Limits per owner, so that no owner can use up what all share: each owner of connections has an account,
/// and at the limit of descriptors, new connections wait.
final class Accounts: Sendable {
    enum Outcome {
        case opened(Charge)
        case refused(Account, Account.Refusal)
    }

    private struct State {
        var accounts: [ConnectionOwner: Account] = [:]
        var sessions = 0
        /// What waits for a session to end.
        var waiting: [@Sendable () -> Void] = []
        /// How many accounts there may be before the idle ones are sought and forgotten.
        var crowd = Accounts.minimalCrowd
    }

    private static let minimalCrowd = 1024

    private let limits: Quota.Limits
    private let state = Mutex(State())

    init(_ limits: Quota.Limits) {
        self.limits = limits
    }

    /// Whether one more session can be had by anybody.
    var hasRoom: Bool { state.withLock { $0.sessions < limits.sessions } }

    /// How many sessions there may be.
    var sessionLimit: Int { limits.sessions }

    /// How many owners are known.
    var ownerCount: Int { state.withLock { $0.accounts.count } }

    /// Calls `action` once, when a session has ended or if there is room now. It must not block.
    func whenRoom(_ action: @escaping @Sendable () -> Void) {
        let isNow = state.withLock { state in
            if state.sessions < limits.sessions { return true }
            state.waiting.append(action)
            return false
        }
        if isNow { action() }
    }

    /// Charges `owner` with one more session.
    ///
    /// - Parameter now: nanoseconds of a clock that never goes back.
    func open(for owner: ConnectionOwner, now: UInt64) -> Outcome {
        state.withLock { state in
            let account = Self.account(of: owner, limits, in: &state, now: now)
            if let refusal = account.open(now: now) { return .refused(account, refusal) }
            state.sessions += 1
            return .opened(Charge(account, of: self))
        }
    }

    private static func account(
        of owner: ConnectionOwner, _ limits: Quota.Limits, in state: inout State, now: UInt64
    ) -> Account {
        if let account = state.accounts[owner] { return account }
        if state.accounts.count >= state.crowd {
            state.accounts = state.accounts.filter { !$1.isIdle(now: now) }
            state.crowd = max(minimalCrowd, state.accounts.count * 2)
        }
        let account = Account(of: owner, limits, now: now)
        state.accounts[owner] = account
        return account
    }

    /// Ends what `open` began.
    func close(_ account: Account) {
        account.close()
        let waiting = state.withLock { state in
            state.sessions -= 1
            defer { state.waiting = [] }
            return state.waiting
        }
        for action in waiting { action() }
    }
}
