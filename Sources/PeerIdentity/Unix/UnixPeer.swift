import CLinux
import Glibc

/// Identifies the peer of a unix socket.
enum UnixPeer {
    static func identify(
        _ socket: Int32, requiresConnectTimeLabel: Bool
    ) throws(IdentityError) -> PeerIdentifier.Identification {
        let credentials: PeerCredentials
        let groups: [gid_t]
        do {
            credentials = try PeerCredentials(ofUnixSocket: socket)
            groups = try PeerCredentials.groups(ofUnixSocket: socket)
        } catch {
            throw IdentityError(error)
        }
        try check(credentials)

        let recorded = try ConnectTimeLabel.read(ofUnixSocket: socket)
        if let recorded, !recorded.isUnconfined {
            return PeerIdentifier.Identification(
                peer: Peer(
                    origin: .unixSocket, credentials, groups: groups, try? readProcess(socket, credentials),
                    label: recorded, evidence: .peersec),
                reader: PeerReader()
            )
        }
        guard !requiresConnectTimeLabel else { throw .noConnectTimeLabel }

        let sender = try KnownSender(findProcess(socket, credentials))
        try check(sender.identity, credentials)
        let identity = sender.identity.with(credentials, groups: groups)
        guard recorded == nil || !identity.isConfined else {
            throw .ambiguous("pid \(credentials.pid) was unconfined when it connected and is \(identity) now")
        }
        let verifier = try SenderVerifier(sender, as: identity)
        return PeerIdentifier.Identification(
            peer: Peer(
                origin: .unixSocket, credentials, groups: groups, identity, label: identity.label,
                evidence: identity.isConfined ? .processLabel : .executable),
            reader: PeerReader(verifier: verifier, unproven: try queuedBytes(socket))
        )
    }

    /// Throws where a number is one that the kernel gives instead of another namespace's.
    static func check(_ credentials: PeerCredentials) throws(IdentityError) {
        guard credentials.pid > 0 else {
            throw .foreignNamespace("the peer's process is of another pid namespace and has no number here")
        }
        guard credentials.uid != Overflow.uid else {
            throw .foreignNamespace("the peer's user is of another user namespace and has no number here")
        }
    }

    /// What /proc has about the process that connected.
    private static func readProcess(
        _ socket: Int32, _ credentials: PeerCredentials
    ) throws(IdentityError) -> ProcessIdentity {
        let identity = try ProcessIdentity(of: findProcess(socket, credentials))
        try check(identity, credentials)
        return identity
    }

    private static func check(_ identity: ProcessIdentity, _ credentials: PeerCredentials) throws(IdentityError) {
        guard identity.status.uid == credentials.uid else {
            throw .unreadable("pid \(credentials.pid) has another user now than the one that connected")
        }
    }

    /// The process that connected, and none that has its number since.
    private static func findProcess(
        _ socket: Int32, _ credentials: PeerCredentials
    ) throws(IdentityError) -> ProcessDirectory {
        do {
            let directory = try ProcessDirectory(pid: credentials.pid)
            try confirm(directory, socket)
            return directory
        } catch {
            throw IdentityError(error)
        }
    }

    /// The number was the right process's when the directory was opened, if that process is alive afterwards.
    private static func confirm(_ directory: ProcessDirectory, _ socket: Int32) throws(SystemCallError) {
        let isAlive: Bool
        if let connector = try ProcessDescriptor(peerOfUnixSocket: socket) {
            isAlive = connector.isAlive
        } else {
            isAlive = try ProcessDescriptor(pid: directory.pid).isAlive
        }
        guard isAlive else { throw SystemCallError("/proc/\(directory.pid)", code: ESRCH) }
    }

    private static func queuedBytes(_ socket: Int32) throws(IdentityError) -> Int {
        let count = clinux_queued_bytes(socket)
        guard count >= 0 else { throw .kernel(SystemCallError("FIONREAD")) }
        return Int(count)
    }
}
