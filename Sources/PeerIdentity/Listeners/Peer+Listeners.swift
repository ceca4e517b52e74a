import ControlProtocol
import Glibc

/// Where a peer's application listens: asked of the kernel, whatever the port is usually for.
extension Peer {
    /// Who would receive a TCP connection that a program of this machine makes to `address`.
    ///
    /// The application is known as `owns(connectionFrom:)` knows it: by its label, or by its program, unit, Flatpak and user. Of
    /// sockets that could receive the connection, all must be its own.
    ///
    /// - Throws: whatever keeps a program that listens there from being known.
    public func listener(at address: IPAddress, port: UInt16) throws(IdentityError) -> ListenerOwner {
        let isHere = try LocalAddresses.include(address)
        guard isHere || address.isUnspecified else { return .elsewhere }
        guard isOnThisMachine else {
            return .foreign("the client is on another machine, which alone knows where it listens")
        }
        let known = ContinuousClock.now
        let listeners = try TCPListenerSocket.receiving(address, port)
        guard !listeners.isEmpty else { return .nobody }
        for listener in listeners {
            let holders = try HolderFinder.shared.holders(of: listener.inode, since: known)
            let process = try LoopbackPeer.commonIdentity(of: holders, madeBy: listener.uid)
            guard isApplication(process.identity) else {
                return .foreign("another program listens there, pid \(process.pid), \(process.identity)")
            }
        }
        // While the holders were looked at, the socket may have closed and another program have come to listen.
        guard try TCPListenerSocket.receiving(address, port) == listeners else {
            throw .gone("who listens there changed meanwhile")
        }
        return .own
    }

    /// Who would receive a connection to the unix socket at `path`, which must be absolute.
    ///
    /// The path must lead there however often it is looked up: no part of it may be a link, and the peer must not be able to
    /// put another socket in the place of the one that was looked at.
    ///
    /// - Throws: whatever keeps a program that listens there from being known.
    public func listener(atUnixSocket path: String) throws(IdentityError) -> ListenerOwner {
        guard isOnThisMachine, let credentials else { return .foreign("the client is on another machine") }
        let known = ContinuousClock.now
        let file: SocketPath
        switch SocketPath.look(at: path, changeableBy: credentials.uid) {
        case .absent: return .nobody
        case .unsteady(let why): return .foreign(why)
        case .socket(let found): file = found
        }
        let listeners = try file.listeners()
        guard !listeners.isEmpty else { return .nobody }
        for inode in listeners {
            let holders = try HolderFinder.shared.holders(of: inode, since: known)
            let process = try LoopbackPeer.commonIdentity(of: holders, madeBy: credentials.uid)
            guard isApplication(process.identity) else {
                return .foreign("another program listens there, pid \(process.pid), \(process.identity)")
            }
        }
        guard case .socket(file) = SocketPath.look(at: path, changeableBy: credentials.uid),
            try file.listeners() == listeners
        else { throw .gone("who listens there changed meanwhile") }
        return .own
    }

    private var isOnThisMachine: Bool {
        switch origin {
        case .unixSocket, .loopback: true
        case .remote: false
        }
    }
}
