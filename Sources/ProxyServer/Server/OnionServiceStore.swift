import FilterEngine
import Synchronization

/// The onion services that the sessions of each profile created and did not delete: what later sessions of a profile under
/// only-own-onions may see and delete.
final class OnionServiceStore: Sendable {
    /// So many are kept for one profile; past that one is forgotten, and is nobody's any more.
    private static let limit = 4096

    private let addresses = Mutex<[String: Set<[UInt8]>]>([:])

    /// Those of a profile, without `.onion`.
    func services(of profile: String) -> Set<[UInt8]> {
        addresses.withLock { $0[profile] ?? [] }
    }

    func record(_ change: OnionServiceChange, of profile: String) {
        addresses.withLock { addresses in
            switch change {
            case .added(let address):
                if addresses[profile, default: []].count >= Self.limit { addresses[profile]?.removeFirst() }
                addresses[profile, default: []].insert(address)
            case .deleted(let address): addresses[profile]?.remove(address)
            }
        }
    }
}
