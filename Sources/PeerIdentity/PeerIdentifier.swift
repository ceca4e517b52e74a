import ControlProtocol
import Glibc

/// Asks the kernel who is at the other end of an accepted socket.
///
/// Every question is answered by the kernel at once and none waits for the peer. Names of users and groups come from the C
/// library, which may take seconds where they live on the network: call this where nothing else waits for it.
public enum PeerIdentifier {
    /// Who the peer is, and what receives its bytes from now on.
    public struct Identification: Sendable {
        public let peer: Peer
        /// Nothing that the client sent may be received by other means.
        public var reader: PeerReader
    }

    /// Who connected to a unix socket; nothing must have been received from it yet.
    ///
    /// - Parameter requiresConnectTimeLabel: refuse peers that the kernel has no label for from the time of connect(2).
    public static func identify(
        unixSocket descriptor: Int32, requiresConnectTimeLabel: Bool = false
    ) throws(IdentityError) -> Identification {
        try UnixPeer.identify(descriptor, requiresConnectTimeLabel: requiresConnectTimeLabel)
    }

    /// Who connected to a TCP socket; nothing must have been received from it yet.
    public static func identify(tcpSocket descriptor: Int32) throws(IdentityError) -> Identification {
        let end = try SocketEndpoint.peer(of: descriptor)
        guard try LocalAddresses.contain(end.address) else {
            return Identification(peer: Peer(origin: .remote(end.address, port: end.port)), reader: PeerReader())
        }
        throw .ambiguous("the process behind \(end.address) port \(end.port) cannot be told; a unix socket tells it")
    }
}
