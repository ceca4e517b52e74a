import Dispatch
import Glibc
import PeerIdentity
import ServiceInterface

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
    /// When it was last logged that nobody more is accepted.
    private var lastComplaint: DispatchTime?
    private var isStopped = false

    /// How long the listener rests when the system has no more descriptors: nobody tells when it has.
    private static let rest = DispatchTimeInterval.milliseconds(100)
    /// How long it is not logged again that nobody more is accepted.
    private static let silence = DispatchTimeInterval.seconds(10)

    /// Binds and listens: clients may connect at once, and wait until `start`. Either `start` and `stop` must follow, or
    /// `abandon`.
    ///
    /// - Parameter access: who may connect to a unix socket.
    convenience init(_ address: SocketAddress, name: String?, access: SocketAccess = .everyone) throws(SystemError) {
        let descriptor = try Socket.make(address.family)
        let file: SocketFile?
        switch address {
        case .unix(let path):
            Self.askForSenders(descriptor)
            file = try SocketFile(binding: descriptor, to: path, for: access)
        case .tcp:
            file = nil
            descriptor.enable(SO_REUSEADDR, level: SOL_SOCKET)
            if address.family == AF_INET6 { descriptor.enable(IPV6_V6ONLY, level: Int32(IPPROTO_IPV6)) }
            let code = Socket.bind(descriptor, to: address)
            guard code == 0 else {
                let hint = code == EACCES ? " (a port below 1024 takes CAP_NET_BIND_SERVICE)" : ""
                throw SystemError("cannot listen on \(address)\(hint)", code: code)
            }
        }
        guard listen(descriptor.rawValue, SOMAXCONN) == 0 else {
            let error = SystemError("cannot listen on \(address)")
            file?.remove()
            throw error
        }
        let actual = Socket.localAddress(of: descriptor) ?? address
        self.init(descriptor, at: actual, name: name, file: file)
    }

    /// Takes over a socket that listens already; its file is whose it was. As with those that are made here, either `start`
    /// and `stop` must follow, or `abandon`.
    convenience init(_ inherited: InheritedSocket) {
        let descriptor = FileDescriptor(owning: inherited.descriptor)
        if !inherited.address.isTCP { Self.askForSenders(descriptor) }
        self.init(descriptor, at: inherited.address, name: inherited.name, file: nil)
    }

    private init(_ descriptor: consuming FileDescriptor, at address: SocketAddress, name: String?, file: SocketFile?) {
        self.address = address
        self.name = name
        self.file = file
        queue = DispatchQueue(label: "onion-grater.listener")
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor.rawValue, queue: queue)
        self.descriptor = descriptor
        // The descriptor must not be closed before the source is cancelled.
        source.setCancelHandler { withExtendedLifetime(self) {} }
    }

    /// Accepts clients from now on, and while `mayAccept`. All three closures are called on the listener's queue and must not
    /// block.
    ///
    /// - Parameter whenRoom: calls what it is given, once, on any thread, when `mayAccept` may be true again.
    func start(
        log: Logger, mayAccept: @escaping @Sendable () -> Bool,
        whenRoom: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        onClient: @escaping @Sendable (consuming FileDescriptor, SocketAddress?) -> Void
    ) {
        source.setEventHandler {
            switch self.accept(mayAccept: mayAccept, onClient: onClient) {
            case .done: break
            case .full:
                self.takeRest(log, because: "there are as many sessions as there may be")
                whenRoom { self.queue.async { self.resume() } }
            case .exhausted(let code):
                self.takeRest(log, because: ErrorNumber.text(code))
                self.queue.asyncAfter(deadline: .now() + Self.rest) { self.resume() }
            }
        }
        source.resume()
    }

    /// Leaves `turns` once those who waited for the queue before have had their turn.
    func takeTurn(in turns: DispatchGroup) {
        queue.async(group: turns) {}
    }

    /// Lets go of a listener that has not been started.
    func abandon() {
        file?.remove()
        source.cancel()
        source.resume()
    }

    /// Stops listening, and removes the socket's file; clients that wait to be accepted are turned away. Call it once, after
    /// `start`.
    func stop() {
        file?.remove()
        queue.async { [self] in
            isStopped = true
            source.cancel()
            if isResting { source.resume() }
        }
    }

    private enum Round {
        case done
        /// There may be no more clients.
        case full
        /// The system has no more descriptors: errno(3).
        case exhausted(Int32)
    }

    /// Accepts some of the clients that wait. Dispatch calls again for the rest, once other work has had its turn.
    private func accept(
        mayAccept: () -> Bool, onClient: (consuming FileDescriptor, SocketAddress?) -> Void
    ) -> Round {
        for _ in 0..<16 where !isStopped {
            guard mayAccept() else { return .full }
            switch Socket.accept(descriptor) {
            case .client(let client, let address): onClient(client, address)
            case .nobody: return .done
            case .lost: continue
            case .exhausted(let code): return .exhausted(code)
            }
        }
        return .done
    }

    /// Leaves those who wait alone for a moment, instead of asking for them over and over.
    private func takeRest(_ log: Logger, because reason: String) {
        isResting = true
        source.suspend()
        let now = DispatchTime.now()
        if let lastComplaint, now < lastComplaint + Self.silence { return }
        lastComplaint = now
        log.warning("no more clients are accepted for now: \(reason)", [.address: .text("\(address)")])
    }

    private func resume() {
        guard isResting, !isStopped else { return }
        isResting = false
        source.resume()
    }

    /// Accepted sockets inherit it: each chunk then comes with its sender's credentials.
    private static func askForSenders(_ socket: borrowing FileDescriptor) {
        socket.enable(SO_PASSCRED, level: SOL_SOCKET)
    }
}
