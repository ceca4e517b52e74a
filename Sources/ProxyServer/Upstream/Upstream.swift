import Dispatch
import ServiceInterface

/// Where tor's control port is, and how to authenticate there.
public struct Upstream: Sendable {
    /// In the order of preference.
    public var addresses: [SocketAddress]
    /// Where onion-grater itself listens.
    var own: [SocketAddress] = []
    /// For HASHEDPASSWORD; nil where there is none.
    public var password: [UInt8]?
    /// The path of tor's cookie file, whatever tor says it is; nil to believe tor.
    public var cookiePath: String?
    /// How long connecting to one of the addresses and authenticating there may take.
    public var timeout: DispatchTimeInterval

    /// The addresses to try: not our own, for a session would open another one there, and that one the next.
    var candidates: [SocketAddress] {
        addresses.filter { address in !own.contains { $0.accepts(address) } }
    }

    /// Whether what answers may see the cookie without having proven that it knows it: the administrator has said both where
    /// tor is and which file it is, so that nobody can take tor's place at another address, or name another file.
    var mayShowCookie: Bool { cookiePath != nil && addresses.count == 1 }

    /// Whether tor must be on this machine, so that a port that it speaks of is one of this machine's.
    var isOnThisMachine: Bool {
        addresses.allSatisfy { address in
            switch address {
            case .unix: true
            case .tcp(let ip, _): ip.isLoopback
            }
        }
    }

    public init(
        addresses: [SocketAddress] = Upstream.standardAddresses, password: [UInt8]? = nil, cookiePath: String? = nil,
        timeout: DispatchTimeInterval = .seconds(10)
    ) {
        self.addresses = addresses
        self.password = password
        self.cookiePath = cookiePath
        self.timeout = timeout
    }
}
