import ControlProtocol
import Dispatch
import FilterEngine
import ServiceInterface
import Synchronization

/// The known addresses of control ports, tor's and our own: no onion service may lead to them.
final class EndpointStore: Sendable {
    private struct State {
        var endpoints: ControlEndpoints
        var expiry: DispatchTime
    }

    /// Addresses that are control ports' whatever the interfaces have.
    private let named: [IPAddress]
    private let state: Mutex<State>

    init(upstream: [SocketAddress], listeners: [SocketAddress]) {
        // Tor may listen where it is not spoken to, too: Debian's does at these, and Tor Browser's at the last.
        var endpoints = ControlEndpoints(unixPaths: ["/run/tor/control"], ports: [9051, 9151])
        var named = [IPAddress]()
        for address in upstream + listeners {
            switch address {
            case .unix(let path): endpoints.unixPaths.append(path)
            case .tcp(let ip, let port):
                endpoints.ports.insert(port)
                named.append(ip)
            }
        }
        self.named = named
        state = Mutex(State(endpoints: endpoints, expiry: .now()))
    }

    /// The endpoints with the addresses that this machine has now, or had two seconds ago.
    var current: ControlEndpoints {
        state.withLock { state in
            if state.expiry <= .now() {
                state.endpoints.localAddresses = named + NetworkInterface.all().map(\.address)
                state.expiry = .now() + .seconds(2)
            }
            return state.endpoints
        }
    }
}
