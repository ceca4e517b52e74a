import ControlProtocol

/// Whom a connection is charged to: found out at once and without looking at any process, so that it can be asked before
/// anything is spent on the client. It says nothing about what the client may do.
public enum ConnectionOwner: Hashable, Sendable {
    /// The user who made the connection, on this machine.
    case user(UInt32)
    /// Another machine: its IPv4 address, or the first 64 bits of its IPv6 address, of which one machine may have all.
    case network(IPAddress)
    /// Nobody can be told; all such share what one has.
    case unknown

    /// - Parameter descriptor: an accepted unix socket.
    public init(ofUnixSocket descriptor: Int32) {
        guard let credentials = try? PeerCredentials(ofUnixSocket: descriptor) else {
            self = .unknown
            return
        }
        self = .user(credentials.uid)
    }

    /// - Parameter descriptor: an accepted TCP socket.
    public init(ofTCPSocket descriptor: Int32) {
        do throws(IdentityError) {
            let end = try SocketEndpoint.peer(of: descriptor)
            let own = try SocketEndpoint.local(of: descriptor)
            guard try LocalAddresses.haveMade(end, connectedTo: own) else {
                self = .network(Self.network(of: end.address))
                return
            }
            self = .user(try SocketDiagnostics(of: end, connectedTo: own).uid)
        } catch {
            self = .unknown
        }
    }

    static func network(of address: IPAddress) -> IPAddress {
        guard !address.isIPv4 else { return address }
        return IPAddress(bytes: address.bytes.prefix(8) + [UInt8](repeating: 0, count: 8)) ?? address
    }
}

extension ConnectionOwner: CustomStringConvertible {
    /// For the log: `user 1000`, `10.200.1.2`, `2001:db8::/64`.
    public var description: String {
        switch self {
        case .user(let uid): "user \(uid)"
        case .network(let address): address.isIPv4 ? "\(address)" : "\(address)/64"
        case .unknown: "a client that cannot be told"
        }
    }
}
