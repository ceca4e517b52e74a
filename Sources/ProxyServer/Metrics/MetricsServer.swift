import PeerIdentity
import ServiceInterface
import Synchronization

/// Serves the metrics over HTTP, if `--metrics-listen` asks for it.
///
/// They name profiles and count, and tell nothing of a client or of what it said; but whoever can reach the port can read them.
final class MetricsServer: Sendable {
    /// How many may be connected at once.
    private static let limit = 16

    private let listener: Listener
    private let loop: EventLoop
    private let connections = Mutex<[ObjectIdentifier: MetricsConnection]>([:])

    var address: SocketAddress { listener.address }

    /// Binds the port. `start` and `stop` must follow.
    init(_ address: SocketAddress) throws(SystemError) {
        loop = try EventLoop(label: "onion-grater.metrics")
        listener = try Listener(address, name: nil)
    }

    func start(for server: Server, log: Logger) {
        listener.start(log: log, mayAccept: { true }, whenRoom: { $0() }) { (client: consuming FileDescriptor, _) in
            self.accept(client, for: server)
        }
    }

    func stop() {
        listener.stop()
        for connection in connections.withLock({ Array($0.values) }) { connection.stop() }
    }

    private func accept(_ client: consuming FileDescriptor, for server: Server) {
        guard connections.withLock({ $0.count }) < Self.limit else {
            return Socket.dismiss(client, saying: HTTPReply(status: .busy).bytes)
        }
        let connection = MetricsConnection(client, server: server, loop: loop) { connection in
            self.connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(connection)) }
        }
        connections.withLock { $0[ObjectIdentifier(connection)] = connection }
        connection.start()
    }
}
