import CLinux
import Glibc

/// Identifies the peer of a unix socket.
enum UnixPeer {
    static func identify(
        _ socket: Int32, requiresConnectTimeLabel: Bool
    ) throws(IdentityError) -> PeerIdentifier.Identification {
        let credentials: PeerCredentials
        do { credentials = try PeerCredentials(ofUnixSocket: socket) } catch { throw IdentityError(error) }
        try check(credentials)

        let recorded = try ConnectTimeLabel.read(ofUnixSocket: socket)
        if let recorded, !recorded.isUnconfined {
            let process = try? readProcess(socket, credentials)
            return PeerIdentifier.Identification(
                peer: Peer(
                    origin: .unixSocket, credentials, process?.identity, label: recorded, evidence: .peersec),
                reader: PeerReader()
            )
        }
        guard !requiresConnectTimeLabel else { throw .noConnectTimeLabel }

        let process = try readProcess(socket, credentials)
        guard recorded == nil || !process.identity.isConfined else {
            throw .ambiguous("pid \(credentials.pid) was unconfined when it connected and is \(process.identity) now")
        }
        try checkNamespace(of: process)
        let verifier = try SenderVerifier(process.directory, process.identity)
        return PeerIdentifier.Identification(
            peer: Peer(
                origin: .unixSocket, credentials, process.identity, label: process.identity.label,
                evidence: process.identity.isConfined ? .processLabel : .executable),
            reader: PeerReader(verifier: verifier, unproven: try queuedBytes(socket))
        )
    }

    private static func check(_ credentials: PeerCredentials) throws(IdentityError) {
        guard credentials.pid > 0 else {
            throw .foreignNamespace("the peer's process is of another pid namespace and has no number here")
        }
        guard credentials.uid != Overflow.uid else {
            throw .foreignNamespace("the peer's user is of another user namespace and has no number here")
        }
    }

    private typealias Process = (directory: ProcessDirectory, identity: ProcessIdentity)

    /// Reads what /proc has about the process that connected, and makes sure that it was that process.
    private static func readProcess(_ socket: Int32, _ credentials: PeerCredentials) throws(IdentityError) -> Process {
        let directory: ProcessDirectory
        do {
            directory = try ProcessDirectory(pid: credentials.pid)
            try confirm(directory, socket)
        } catch {
            throw IdentityError(error)
        }
        let identity = try ProcessIdentity(of: directory)
        guard identity.status.uid == credentials.uid else {
            throw .unreadable("pid \(credentials.pid) has another user now than the one that connected")
        }
        return (directory, identity)
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

    /// Where senders can be forged, the sender proves nothing. A Flatpak's id is none the worse for it: who could forge the sender
    /// could run the application too.
    private static func checkNamespace(of process: Process) throws(IdentityError) {
        guard process.identity.status.namespaceDepth > 0, process.identity.flatpak == nil else { return }
        let isRoots: Bool
        do { isRoots = try PidNamespace.isRoots(of: process.directory) } catch { throw IdentityError(error) }
        guard isRoots else {
            throw .foreignNamespace(
                "pid \(process.directory.pid) is in a pid namespace that a user made, where one process can send as another"
            )
        }
    }

    private static func queuedBytes(_ socket: Int32) throws(IdentityError) -> Int {
        let count = clinux_queued_bytes(socket)
        guard count >= 0 else { throw .kernel(SystemCallError("FIONREAD")) }
        return Int(count)
    }
}
