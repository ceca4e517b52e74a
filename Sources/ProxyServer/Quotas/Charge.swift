/// One session's part in its owner's account; goes back when it goes.
///
/// Confined to its session's queue, `account` aside, which is what makes `@unchecked Sendable` sound; it may go on any
/// thread, for who lets go of it last is alone with it.
final class Charge: @unchecked Sendable {
    let account: Account
    private let accounts: Accounts
    private var unsent = 0

    /// The account must have been opened for it, and counted.
    init(_ account: Account, of accounts: Accounts) {
        self.account = account
        self.accounts = accounts
    }

    deinit {
        _ = account.note(unsent: -unsent)
        accounts.close(account)
    }

    /// Notes how many bytes the session has waiting to be written; false if its owner has too many waiting.
    func note(unsent count: Int) -> Bool {
        guard count != unsent else { return true }
        defer { unsent = count }
        return account.note(unsent: count - unsent) || count < unsent
    }
}
