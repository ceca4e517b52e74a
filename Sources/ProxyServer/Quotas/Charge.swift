/// One session's share of its owner's account; it is returned when the session ends.
///
/// Confined to its session's queue, `account` aside, which is what makes `@unchecked Sendable` sound; it may go on any
/// thread, for who lets go of it last is alone with it.
final class Charge: @unchecked Sendable {
    let account: Account
    private let accounts: Accounts
    private var queued = 0

    /// The account must have been opened for it, and counted.
    init(_ account: Account, of accounts: Accounts) {
        self.account = account
        self.accounts = accounts
    }

    deinit {
        _ = account.record(queued: -queued)
        accounts.close(account)
    }

    /// Notes how many bytes the session keeps; false if that makes too many of its owner's.
    func record(queued count: Int) -> Bool {
        guard count != queued else { return true }
        defer { queued = count }
        return account.record(queued: count - queued) || count < queued
    }
}
