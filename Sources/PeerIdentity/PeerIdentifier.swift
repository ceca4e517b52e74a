import ControlProtocol
import Glibc

/// Asks the kernel who is at the other end of an accepted socket.
///
/// Every question is answered by the kernel at once and none waits for the peer. Names of users and groups come from the C
/// library, which may take seconds where they live on the network: call this where nothing else waits for it.
public enum PeerIdentifier {
    /// Who the peer is, and what receives its bytes from now on.
    public struct Identification: Sendable {
        /// Who it is.
        public let peer: Peer
        /// Nothing that the client sent may be received by other means.
        public var reader: PeerReader
    }

    /// Identifies the client of a unix socket; nothing must have been received from it yet.
    ///
    /// - Parameters:
    ///   - descriptor: the accepted socket.
    ///   - requiresConnectTimeLabel: refuse peers that the kernel has no label for from the time of connect(2).
    public static func identify(
        unixSocket descriptor: Int32, requiresConnectTimeLabel: Bool = false
    ) throws(IdentityError) -> Identification {
        try UnixPeer.identify(descriptor, requiresConnectTimeLabel: requiresConnectTimeLabel)
    }

    /// Identifies the client of a TCP socket; nothing must have been received from it yet.
    ///
    /// A client on another machine is known by its address alone. One on this machine is told from the processes that hold its
    /// end of the connection; that is weaker than what a unix socket tells, for a descriptor that is under way from one
    /// process to another is held by neither, and nothing tells which holder sends.
    ///
    /// - Parameters:
    ///   - descriptor: the accepted socket.
    ///   - arrival: when the connection was accepted. What was found out in between for another connection then serves this
    ///     one too, so that many at once cost little more than a few.
    ///   - requiresConnectTimeLabel: refuse clients on this machine, for TCP keeps no label.
    public static func identify(
        tcpSocket descriptor: Int32, acceptedAt arrival: ContinuousClock.Instant = .now,
        requiresConnectTimeLabel: Bool = false
    ) throws(IdentityError) -> Identification {
        let end = try SocketEndpoint.peer(of: descriptor)
        guard try LocalAddresses.haveMade(end, connectedTo: .local(of: descriptor)) else {
            return Identification(peer: Peer(origin: .remote(end.address, port: end.port)), reader: PeerReader())
        }
        guard !requiresConnectTimeLabel else { throw .noConnectTimeLabel }
        return try LoopbackPeer.identify(descriptor, from: end, since: arrival)
    }

    /// Says that this process is never a client: its own descriptors, of which a server has two for each session, need not be
    /// looked at for each client over TCP.
    public static func leaveOutThisProcess() { HolderFinder.shared.leaveOutThisProcess() }

    /// What a running process would be taken for if it connected to a unix socket now, for people who want to know.
    public static func examine(process pid: pid_t) throws(IdentityError) -> Peer {
        let directory: ProcessDirectory
        do { directory = try ProcessDirectory(pid: pid) } catch { throw IdentityError(error) }
        let identity = try ProcessIdentity(of: directory)
        try ThreadLabels.confirm(identity, of: directory)
        let credentials = PeerCredentials(pid: pid, uid: identity.status.uid, gid: identity.status.gid)
        return Peer(
            origin: .unixSocket, credentials, groups: identity.status.groups, identity, label: identity.label,
            evidence: identity.isConfined ? .processLabel : .executable)
    }
}
