import Synchronization

/// Finds the holders of sockets for many who ask at once, with one walk over /proc at a time.
///
/// Who gets the turn walks for everybody who is waiting: so a flood of connections costs as many walks as fit one after the
/// other, however many connections there are.
final class HolderFinder: Sendable {
    static let shared = HolderFinder(limit: 256)

    private struct Board {
        var nextTicket: UInt64 = 0
        var waiting: [UInt64: UInt64] = [:]
        var answers: [UInt64: Result<[SocketHolder], IdentityError>] = [:]
    }

    private let limit: Int
    private let board = Mutex(Board())
    private let turn = Mutex(())

    /// - Parameter limit: how many may wait at a time; beyond it callers are turned away.
    init(limit: Int) {
        self.limit = limit
    }

    /// The processes that have the socket open.
    ///
    /// - Throws: `busy` if too many wait.
    func holders(of inode: UInt64) throws(IdentityError) -> [SocketHolder] {
        let ticket = try register(inode)
        return try turn.withLock { _ in
            answer(for: ticket) ?? scan(for: ticket)
        }.get()
    }

    private func register(_ inode: UInt64) throws(IdentityError) -> UInt64 {
        let ticket: UInt64? = board.withLock { board in
            guard board.waiting.count + board.answers.count < limit else { return nil }
            board.nextTicket &+= 1
            board.waiting[board.nextTicket] = inode
            return board.nextTicket
        }
        guard let ticket else { throw .busy }
        return ticket
    }

    private func answer(for ticket: UInt64) -> Result<[SocketHolder], IdentityError>? {
        board.withLock { $0.answers.removeValue(forKey: ticket) }
    }

    /// Walks once for all who wait now, leaves the others their answers, and returns the caller's.
    private func scan(for ticket: UInt64) -> Result<[SocketHolder], IdentityError> {
        let waiting = board.withLock { board in
            defer { board.waiting = [:] }
            return board.waiting
        }
        let outcome = Self.outcome(of: Set(waiting.values))
        func answer(_ inode: UInt64?) -> Result<[SocketHolder], IdentityError> {
            outcome.map { found in inode.flatMap { found[$0] } ?? [] }
        }
        board.withLock { board in
            for (other, inode) in waiting where other != ticket { board.answers[other] = answer(inode) }
        }
        return answer(waiting[ticket])
    }

    private static func outcome(of inodes: Set<UInt64>) -> Result<[UInt64: [SocketHolder]], IdentityError> {
        do { return .success(try HolderScan(for: inodes).holders) } catch { return .failure(IdentityError(error)) }
    }
}
