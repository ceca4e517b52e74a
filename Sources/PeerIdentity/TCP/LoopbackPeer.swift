import Glibc

/// Identifies a TCP client on this machine.
enum LoopbackPeer {
    /// - Parameters:
    ///   - connection: our socket.
    ///   - end: the client's end of the connection, as it was when the connection was accepted.
    static func identify(
        _ connection: Int32, from end: SocketEndpoint, since arrival: ContinuousClock.Instant
    ) throws(IdentityError) -> PeerIdentifier.Identification {
        let own = try SocketEndpoint.local(of: connection)
        let socket = try SocketDiagnostics(of: end, connectedTo: own)
        guard socket.uid != Overflow.uid else {
            throw .foreignNamespace("the client's user is of another user namespace and has no number here")
        }
        let (pid, identity) = try commonIdentity(
            of: try HolderFinder.shared.holders(of: socket.inode, since: arrival), madeBy: socket.uid)

        // While the holders were looked at, the connection may have closed and its port been taken by another.
        let afterwards = try SocketDiagnostics(of: end, connectedTo: own)
        guard afterwards.inode == socket.inode, afterwards.uid == socket.uid else {
            throw .gone("the client's port has passed to another connection")
        }
        // Or before. There are no two connections between the same ends, so what was found is ours if ours is there still;
        // of one that is not, what its client said waits all the same.
        guard try SocketEndpoint.peer(of: connection) == end else { throw .gone("the client's connection is closed") }
        let credentials = PeerCredentials(pid: pid, uid: socket.uid, gid: identity.status.gid)
        return PeerIdentifier.Identification(
            peer: Peer(
                origin: .loopback(end.address, port: end.port), credentials, groups: identity.status.groups, identity,
                label: identity.label, evidence: .socketDiagnostics),
            reader: PeerReader(unproven: Int(clamping: afterwards.bytesWritten))
        )
    }

    /// What all holders are; they must not differ.
    static func commonIdentity(
        of holders: [SocketHolder], madeBy uid: uid_t
    ) throws(IdentityError) -> (pid: pid_t, identity: ProcessIdentity) {
        var common: (pid: pid_t, identity: ProcessIdentity)?
        for holder in holders {
            let pid = holder.process.pid
            let identity: ProcessIdentity
            do {
                identity = try ProcessIdentity(of: holder.process)
                try ThreadLabels.confirm(identity, of: holder.process)
            } catch {
                if case .gone = error { continue }
                throw error
            }
            guard identity.status.uid == uid else {
                guard holder.isCertain else { continue }
                throw .ambiguous(
                    "pid \(pid), of user \(identity.status.uid), holds a connection that user \(uid) made")
            }
            guard let first = common else {
                common = (pid, identity)
                continue
            }
            guard identity.covers(first.identity), first.identity.covers(identity) else {
                throw .ambiguous(
                    "pid \(first.pid), \(first.identity), and pid \(pid), \(identity), may both use the connection")
            }
        }
        guard let common else {
            throw .unreadable(
                "no process seen in /proc has the connection open (needs CAP_SYS_PTRACE to look into other users')")
        }
        return common
    }
}
