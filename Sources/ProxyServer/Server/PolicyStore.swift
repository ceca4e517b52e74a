import Profiles
import Synchronization

/// The policies that new sessions get. What is replaced lives on in the sessions that have it.
final class PolicyStore: Sendable {
    private let table: Mutex<PolicyTable>

    init(_ table: PolicyTable) {
        self.table = Mutex(table)
    }

    var current: PolicyTable {
        get { table.withLock { $0 } }
        set { table.withLock { $0 = newValue } }
    }
}
