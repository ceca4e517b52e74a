import CLinux
import Dispatch
import Glibc
import PeerIdentity
import ServiceInterface

/// A connected stream socket, nonblocking, in an event loop: reads when there is something to read, writes at once, and
/// keeps what the socket does not take until it does.
///
/// Confined to its loop's queue: every call is made there, `identify` aside, and every handler is called there. The loop keeps the stream
/// while it waits for something, so whoever makes a stream must `close` it.
final class SocketStream: EventLoop.Handler {
    enum Read {
        /// This many bytes were read; if fewer than asked for, no more are available now.
        case bytes(Int)
        /// Nothing to read just now.
        case nothing
        /// The other side writes no more.
        case end
        /// The connection is broken: errno(3).
        case failed(Int32)
    }

    /// Called when there is something to read, or the other side has hung up, and `isReading`; again and again until it is read.
    var onReadable: () -> Void = {}
    /// Called when less waits to be written than before, or the connection broke.
    var onWritten: () -> Void = {}

    /// Whether `onReadable` is called.
    var isReading = false {
        didSet { if isReading != oldValue { watch() } }
    }

    /// Whether a write failed: what is written from then on is dropped, for nobody will read it.
    var isBroken: Bool { failure != nil }

    /// Why a write failed: errno(3).
    private(set) var failure: Int32?

    private let loop: EventLoop
    private var registration = EventLoop.Registration()
    private let descriptor: FileDescriptor
    private let charge: Charge?
    private let isTCP: Bool
    /// When the connection was there already.
    private let start = ContinuousClock.now
    private var isClosed = false
    private var unsent = ByteQueue()

    /// - Parameters:
    ///   - descriptor: nonblocking and connected.
    ///   - isTCP: whether to notice when the other machine goes without a word, to send small writes at once, and to
    ///     acknowledge at once what comes in: tor's own control port
    ///     holds back part of any reply of a few kilobytes until the last one is acknowledged, which takes 40 ms otherwise.
    ///   - charge: kept until the descriptor is closed.
    init(_ descriptor: consuming FileDescriptor, isTCP: Bool, charge: Charge? = nil, loop: EventLoop) {
        if isTCP {
            descriptor.enable(TCP_NODELAY, level: Int32(IPPROTO_TCP))
            descriptor.enable(SO_KEEPALIVE, level: SOL_SOCKET)
        }
        self.loop = loop
        self.descriptor = descriptor
        self.charge = charge
        self.isTCP = isTCP
    }

    /// The descriptor is closed right afterwards, and not before may somebody else have the room.
    deinit {
        guard let charge else { return }
        loop.perform { withExtendedLifetime(charge) {} }
    }

    /// Bytes that wait to be written.
    var unsentCount: Int { unsent.count }

    func isReady(for readiness: Epoll.Readiness) {
        if readiness.contains(.writable), !unsent.isEmpty { writeUnsent() }
        if readiness.contains(.readable), isReading { onReadable() }
    }

    /// Has the loop wait for what there is to wait for.
    private func watch() {
        var readiness: Epoll.Readiness = []
        if isReading { readiness.insert(.readable) }
        if !unsent.isEmpty { readiness.insert(.writable) }
        guard !isClosed else { return }
        let code = registration.watch(descriptor, for: readiness, in: loop, handler: self)
        guard code != 0 else { return }
        // Nobody would tell what becomes of the connection, so it is given up, as if the other side had.
        failure = failure ?? code
        unsent.removeAll()
        _ = shutdown(descriptor.rawValue, Int32(SHUT_RDWR))
        let loss = Loss(stream: self)
        loop.perform {
            loss.stream.onReadable()
            loss.stream.onWritten()
        }
    }

    /// Crosses to the stream's own queue, from that very queue.
    private struct Loss: @unchecked Sendable {
        let stream: SocketStream
    }

    /// Reads what is there, up to the size of `buffer`.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Read {
        if isTCP { descriptor.enable(TCP_QUICKACK, level: Int32(IPPROTO_TCP)) }
        while true {
            let count = recv(descriptor.rawValue, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .nothing
            case let code: return .failed(code)
            }
        }
    }

    /// Reads what a client sent, up to the size of `buffer`: one that was identified by its `reader`.
    func read(into buffer: UnsafeMutableRawBufferPointer, by reader: inout PeerReader?) -> PeerReader.Reception {
        if let reception = reader?.receive(from: descriptor.rawValue, into: buffer) { return reception }
        return switch read(into: buffer) {
        case .bytes(let count): .bytes(count, doubtful: 0)
        case .nothing: .wouldBlock
        case .end: .end
        case .failed(let code): .failed(code)
        }
    }

    /// Asks the kernel who the client at the other end is. Nothing must have been read yet.
    func identify(requiresPeersec: Bool) throws(IdentityError) -> PeerIdentifier.Identification {
        let raw = descriptor.rawValue
        return isTCP
            ? try PeerIdentifier.identify(
                tcpSocket: raw, acceptedAt: start, requiresConnectTimeLabel: requiresPeersec)
            : try PeerIdentifier.identify(unixSocket: raw, requiresConnectTimeLabel: requiresPeersec)
    }

    /// This end's address, of a TCP socket.
    var localAddress: SocketAddress? { Socket.localAddress(of: descriptor) }

    /// Writes `bytes` after what waits already.
    func write(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, !isBroken, !isClosed else { return }
        let sent = unsent.isEmpty ? bytes.withUnsafeBytes { send($0) } : 0
        guard sent < bytes.count, !isBroken else { return }
        unsent.append(bytes[sent...])
        watch()
    }

    /// Has what the other side sends from now on fail there, so that it knows it once it reads what is written next. Over TCP, it
    /// learns of it only when the connection is closed.
    func refuseInput() {
        if !isTCP { _ = shutdown(descriptor.rawValue, Int32(SHUT_RD)) }
    }

    /// Closes the connection; what waits to be written is lost. No handler is called from now on.
    func close() {
        guard !isClosed else { return }
        discardQueuedInput()
        // At once: the descriptor lives as long as the stream, and the other side could still write by then.
        _ = shutdown(descriptor.rawValue, Int32(SHUT_RDWR))
        onReadable = {}
        onWritten = {}
        unsent.removeAll()
        isReading = false
        watch()
        isClosed = true
    }

    private func writeUnsent() {
        unsent.removeFirst(unsent.withUnsafeBytes { send($0) })
        if isBroken { unsent.removeAll() }
        if unsent.isEmpty { watch() }
        onWritten()
    }

    /// How many bytes the socket took.
    private func send(_ bytes: UnsafeRawBufferPointer) -> Int {
        var sent = 0
        while sent < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
            let count = Glibc.send(descriptor.rawValue, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                break
            } else if errno != EINTR {
                failure = errno
                break
            }
        }
        return sent
    }

    /// A socket closed with unread input resets the connection, and the other side may lose what it had not read yet: a last
    /// reply. So a reasonable amount is read and thrown away.
    private func discardQueuedInput() {
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) { buffer in
            for _ in 0..<64 {
                guard case .bytes(buffer.count) = read(into: buffer) else { return }
            }
        }
    }
}
