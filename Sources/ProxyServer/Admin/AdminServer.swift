import PeerIdentity
import ServiceInterface
import Synchronization

/// Listens on the admin socket, and answers administrators.
final class AdminServer: Sendable {
    /// How many may be connected at once.
    private static let limit = 16

    private let listener: Listener
    private let access: AdminAccess
    /// Apart from the sessions', which do not wait for long answers.
    private let loop: EventLoop
    private let connections = Mutex<[ObjectIdentifier: AdminConnection]>([:])

    var address: SocketAddress { listener.address }

    /// Binds the socket. `start` and `stop` must follow.
    init(_ socket: AdminSocket) throws(SystemError) {
        listener = try Listener(.unix(path: socket.path), name: nil, access: socket.access)
        access = AdminAccess(socket.access)
        loop = try EventLoop(label: "onion-grater.admin")
    }

    func start(for server: Server, log: Logger) {
        listener.start(log: log, mayAccept: { true }, whenRoom: { $0() }) { (client: consuming FileDescriptor, _) in
            self.accept(client, for: server, log)
        }
    }

    func stop() {
        listener.stop()
        for connection in connections.withLock({ Array($0.values) }) { connection.stop() }
    }

    private func accept(_ client: consuming FileDescriptor, for server: Server, _ log: Logger) {
        let owner = ConnectionOwner(ofUnixSocket: client.rawValue)
        guard access.permits(client) else {
            log.warning("refused on the admin socket: \(owner)")
            let why = "only root and members of the socket's group may ask"
            return Socket.dismiss(client, saying: AdminProtocol.line(AdminProtocol.error(why)))
        }
        guard connections.withLock({ $0.count }) < Self.limit else {
            let why = "\(Self.limit) others are connected, which is as many as may be"
            return Socket.dismiss(client, saying: AdminProtocol.line(AdminProtocol.error(why)))
        }
        let connection = AdminConnection(client, server: server, loop: loop) { connection in
            self.connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(connection)) }
        }
        connections.withLock { $0[ObjectIdentifier(connection)] = connection }
        connection.start()
    }
}
