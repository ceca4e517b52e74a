import FilterEngine
import PeerIdentity
import Profiles
import ServiceInterface
import Synchronization

/// The figures of one session while it lasts. Any thread may read them.
final class SessionMeter: Sendable {
    /// Who the client is, and which profile is its.
    struct Client {
        let peer: Peer
        let profile: String
        let mode: Policy.Mode
        /// Counts for all sessions of the profile.
        let profileMeter: TrafficMeter
    }

    let number: UInt64
    let listenerName: String?
    /// Of a TCP client.
    let address: SocketAddress?
    private let start = ContinuousClock.now
    private let meter = TrafficMeter()
    private let knownClient = Mutex<Client?>(nil)

    init(number: UInt64, listenerName: String?, address: SocketAddress?) {
        self.number = number
        self.listenerName = listenerName
        self.address = address
    }

    /// Nil while it is being found out, and of one that is refused.
    var client: Client? { knownClient.withLock { $0 } }

    private var profileMeter: TrafficMeter? { knownClient.withLock { $0?.profileMeter } }

    var traffic: Traffic { meter.traffic }

    var ageInSeconds: Int { Int(clamping: start.duration(to: .now).components.seconds) }

    func setClient(_ client: Client) {
        knownClient.withLock { $0 = client }
    }

    func add(_ counts: DecisionCounts, bytesToClient: Int) {
        let other = profileMeter
        for meter in [meter, other] {
            meter?.add(counts)
            meter?.add(bytesToClient: bytesToClient)
        }
    }

    func add(bytesFromClient count: Int) {
        meter.add(bytesFromClient: count)
        profileMeter?.add(bytesFromClient: count)
    }
}
