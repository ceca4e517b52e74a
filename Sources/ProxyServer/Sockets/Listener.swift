import Dispatch
import Glibc
import Logging
import PeerIdentity

/// A socket that clients connect to.
///
/// Confined to its queue once it is started, which is what makes `@unchecked Sendable` sound: `start` and `stop` go there.
final class Listener: @unchecked Sendable {
    /// Where it listens; the port is the one that the kernel chose where 0 was asked for.
    let address: SocketAddress
    /// What profiles call it (`sockets`).
    let name: String?

    private let descriptor: FileDescriptor
    private let file: SocketFile?
    private let queue: DispatchQueue
    private let source: any DispatchSourceRead
    private var isResting = false
    /// Whether nobody has been accepted since it was logged why not.
    private var isExhausted = false
    private var isStopped = false

    /// How long the listener rests when no more clients can be accepted.
    private static let rest = DispatchTimeInterval.milliseconds(100)

    /// Binds and listens: clients may connect at once, and wait until `start`. Either `start` and `stop` must follow, or
    /// `abandon`.
    ///
    /// - Parameter access: who may connect to a unix socket.
    init(_ address: SocketAddress, name: String?, access: SocketAccess = .everyone) throws(SystemError) {
        let descriptor = try Socket.make(address.family)
        switch address {
        case .unix(let path):
            // Accepted sockets inherit it: each chunk then comes with its sender's credentials.
            descriptor.enable(SO_PASSCRED, level: SOL_SOCKET)
            file = try SocketFile(binding: descriptor, to: path, for: access)
        case .tcp:
            file = nil
            descriptor.enable(SO_REUSEADDR, level: SOL_SOCKET)
            if address.family == AF_INET6 { descriptor.enable(IPV6_V6ONLY, level: Int32(IPPROTO_IPV6)) }
            try Self.bind(descriptor, to: address)
        }
        guard listen(descriptor.rawValue, SOMAXCONN) == 0 else {
            let error = SystemError("cannot listen on \(address)")
            file?.remove()
            throw error
        }
        self.address = Socket.localAddress(of: descriptor) ?? address
        self.name = name
        queue = DispatchQueue(label: "onion-grater.listener", target: .global())
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor.rawValue, queue: queue)
        self.descriptor = descriptor
        // The descriptor must not be closed before the source is cancelled.
        source.setCancelHandler { withExtendedLifetime(self) {} }
    }

    /// Accepts clients from now on, and while `mayAccept`. Both are called on the listener's queue and must not block.
    func start(
        log: Logger, mayAccept: @escaping @Sendable () -> Bool,
        onClient: @escaping @Sendable (consuming FileDescriptor, SocketAddress?) -> Void
    ) {
        source.setEventHandler { self.accept(log: log, mayAccept: mayAccept, onClient: onClient) }
        source.resume()
    }

    /// Lets go of a listener that has not been started.
    func abandon() {
        file?.remove()
        source.cancel()
        source.resume()
    }

    /// Stops listening, and removes the socket's file; whoever waits to be accepted is turned away. Call it once, after
    /// `start`.
    func stop() {
        file?.remove()
        queue.async { [self] in
            isStopped = true
            source.cancel()
            if isResting { source.resume() }
        }
    }

    /// Accepts whoever waits, up to a fair number at once.
    private func accept(
        log: Logger, mayAccept: () -> Bool, onClient: (consuming FileDescriptor, SocketAddress?) -> Void
    ) {
        for _ in 0..<256 where !isStopped {
            guard mayAccept() else { return takeRest(log, because: "there are as many sessions as there may be") }
            switch Socket.accept(descriptor) {
            case .client(let client, let address):
                isExhausted = false
                onClient(client, address)
            case .nobody: return
            case .lost: continue
            case .exhausted(let code): return takeRest(log, because: SystemError.text(code))
            }
        }
    }

    /// Leaves those who wait alone for a moment, instead of asking for them over and over.
    private func takeRest(_ log: Logger, because reason: String) {
        if !isExhausted { log.warning("nobody more is accepted for now: \(reason)", metadata: ["at": "\(address)"]) }
        isExhausted = true
        isResting = true
        source.suspend()
        queue.asyncAfter(deadline: .now() + Self.rest) { [self] in
            guard !isStopped else { return }
            isResting = false
            source.resume()
        }
    }

    private static func bind(_ socket: borrowing FileDescriptor, to address: SocketAddress) throws(SystemError) {
        let raw = socket.rawValue
        let code = address.withSocketAddress { Glibc.bind(raw, $0, $1) == 0 ? 0 : errno } ?? EINVAL
        guard code == 0 else {
            let hint = code == EACCES ? " (a port below 1024 takes CAP_NET_BIND_SERVICE)" : ""
            throw SystemError("cannot listen on \(address)\(hint)", code: code)
        }
    }
}
