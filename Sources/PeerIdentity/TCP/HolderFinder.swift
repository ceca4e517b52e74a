import Glibc
import Synchronization

/// Finds the holders of sockets for many who ask, with one walk over /proc at a time.
///
/// A walk serves every connection that was there when it began. So a flood of connections costs as many walks as fit one after
/// the other, however many connections there are.
final class HolderFinder: Sendable {
    static let shared = HolderFinder()

    /// A process that need not be looked at, for none of its sockets is a client's: the server itself, which may have thousands.
    private let leftOut = Atomic<Int32>(0)

    /// From now on this process's own descriptors are left out. Only for one that is never a client of its own.
    func leaveOutThisProcess() { leftOut.store(getpid(), ordering: .relaxed) }

    /// How often a connection may change hands while it is looked at. A client that starts another program has a child for a
    /// moment that holds the connection, too, and is no reason to refuse it.
    private static let attempts = 3

    private let latest = Mutex<HolderScan?>(nil)
    private let turn = Mutex(())

    /// The processes that have the socket open.
    ///
    /// - Parameter arrival: when the connection was known to be there.
    func holders(of inode: UInt64, since arrival: ContinuousClock.Instant) throws(IdentityError) -> [SocketHolder] {
        if let holders = known(inode, since: arrival) { return holders }
        return try turn.withLock { _ -> Result<[SocketHolder], IdentityError> in
            if let holders = known(inode, since: arrival) { return .success(holders) }
            return scan(for: inode)
        }.get()
    }

    private func known(_ inode: UInt64, since arrival: ContinuousClock.Instant) -> [SocketHolder]? {
        guard let scan = latest.withLock({ $0 }), scan.start >= arrival else { return nil }
        return scan.holders(of: inode)
    }

    private func scan(for inode: UInt64) -> Result<[SocketHolder], IdentityError> {
        do {
            for _ in 0..<Self.attempts {
                let scan = try HolderScan(leavingOut: leftOut.load(ordering: .relaxed))
                latest.withLock { $0 = scan }
                if let holders = scan.holders(of: inode) { return .success(holders) }
            }
            return .failure(.gone("the client's connection changed hands while it was looked at"))
        } catch {
            return .failure(IdentityError(error))
        }
    }
}
