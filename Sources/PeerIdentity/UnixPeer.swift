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
                peer: Peer(credentials, process, label: recorded, evidence: .peersec), reader: PeerReader())
        }
        guard !requiresConnectTimeLabel else { throw .noConnectTimeLabel }
        let process = try readProcess(socket, credentials)
        let isConfined = process.label.map { !$0.isUnconfined } ?? false
        return PeerIdentifier.Identification(
            peer: Peer(
                credentials, process, label: recorded ?? process.label,
                evidence: recorded == nil && isConfined ? .processLabel : .executable),
            reader: PeerReader()
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

    /// Reads what /proc has about the process that connected, and makes sure that it was that process.
    private static func readProcess(
        _ socket: Int32, _ credentials: PeerCredentials
    ) throws(IdentityError) -> ProcessIdentity {
        do {
            let directory = try ProcessDirectory(pid: credentials.pid)
            try confirm(directory, socket)
            let identity = try ProcessIdentity(of: directory)
            guard identity.status.uid == credentials.uid else {
                throw IdentityError.unreadable(
                    "pid \(credentials.pid) has another user now than the one that connected")
            }
            return identity
        } catch let error as SystemCallError {
            throw IdentityError(error)
        } catch let error as IdentityError {
            throw error
        } catch {
            throw .unreadable("\(error)")
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
}
