import CLinux
import Dispatch
import Glibc
import PeerIdentity
import ServiceInterface

/// A connected stream socket, nonblocking, on a serial queue: reads when there is something to read, writes at once, and
/// keeps what the socket does not take until it does.
///
/// Confined to its queue: every call is made there, `identify` aside, and every handler is called there. What Dispatch asks for is kept here
/// and nowhere else: a source is resumed before it is released, and the descriptor is closed only after both sources are
/// cancelled, because their cancel handlers hold the stream until they have run. So whoever makes a stream must `close` it.
final class SocketStream {
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

    /// Called when there is something to read and `isReading`. It must read until there is nothing, or call `readLater`, or
    /// stop reading: when the other side hangs up, Dispatch says so once and never again.
    var onReadable: () -> Void = {}
    /// Called when less waits to be written than before, or the connection broke.
    var onWritten: () -> Void = {}

    /// Whether `onReadable` is called.
    var isReading = false {
        didSet {
            guard isReading != oldValue, !isClosed else { return }
            guard isReading else { return readSource.suspend() }
            readSource.resume()
            if isActivated { readLater() }
            isActivated = true
        }
    }

    /// Whether a write failed: what is written from then on is dropped, for nobody will read it.
    var isBroken: Bool { failure != nil }

    /// Why a write failed: errno(3).
    private(set) var failure: Int32?

    private let queue: DispatchQueue
    private let descriptor: FileDescriptor
    private let charge: Charge?
    private let isTCP: Bool
    /// When the connection was there already.
    private let start = ContinuousClock.now
    private let readSource: any DispatchSourceRead
    private let writeSource: any DispatchSourceWrite
    /// Whether the other side may have hung up while nobody listened.
    private var isActivated = false
    private var isWriting = false
    private var isClosed = false
    private var unsent = ByteQueue()

    /// - Parameters:
    ///   - descriptor: nonblocking and connected.
    ///   - isTCP: whether to notice when the other machine goes without a word, to send small writes at once, and to
    ///     acknowledge at once what comes in: tor's own control port
    ///     holds back part of any reply of a few kilobytes until the last one is acknowledged, which takes 40 ms otherwise.
    ///   - charge: kept until the descriptor is closed.
    init(_ descriptor: consuming FileDescriptor, isTCP: Bool, charge: Charge? = nil, queue: DispatchQueue) {
        if isTCP {
            descriptor.enable(TCP_NODELAY, level: Int32(IPPROTO_TCP))
            descriptor.enable(SO_KEEPALIVE, level: SOL_SOCKET)
        }
        readSource = DispatchSource.makeReadSource(fileDescriptor: descriptor.rawValue, queue: queue)
        writeSource = DispatchSource.makeWriteSource(fileDescriptor: descriptor.rawValue, queue: queue)
        self.queue = queue
        self.descriptor = descriptor
        self.charge = charge
        self.isTCP = isTCP
        readSource.setEventHandler { self.readIfReading() }
        writeSource.setEventHandler { self.writeUnsent() }
        readSource.setCancelHandler { withExtendedLifetime(self) {} }
        writeSource.setCancelHandler { withExtendedLifetime(self) {} }
    }

    /// The descriptor is closed right afterwards, and not before may somebody else have the room.
    deinit {
        guard let charge else { return }
        queue.async { withExtendedLifetime(charge) {} }
    }

    /// Bytes that wait to be written.
    var unsentCount: Int { unsent.count }

    /// Which of two streams can be read.
    struct Readable: OptionSet {
        let rawValue: Int32
        static let first = Readable(rawValue: 1)
        static let second = Readable(rawValue: 2)
    }

    /// Waits until one of two streams can be read, for so many nanoseconds (below a second) at most; for 0, does not look.
    static func wait(for first: SocketStream, or second: SocketStream, nanoseconds: Int) -> Readable {
        guard nanoseconds > 0 else { return [] }
        return Readable(
            rawValue: clinux_wait_readable(first.descriptor.rawValue, second.descriptor.rawValue, nanoseconds))
    }

    /// Has `onReadable` called once those have had their turn who wait for the queue.
    func readLater() {
        let resumption = Resumption(stream: self)
        queue.async { resumption.stream.readIfReading() }
    }

    /// Crosses to the stream's own queue, from that very queue.
    private struct Resumption: @unchecked Sendable {
        let stream: SocketStream
    }

    private func readIfReading() {
        if isReading { onReadable() }
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
        setWriting(true)
    }

    /// Closes the connection; what waits to be written is lost. No handler is called from now on.
    func close() {
        guard !isClosed else { return }
        discardQueuedInput()
        // At once: the descriptor lives until Dispatch lets go of it, and the other side could still write by then.
        _ = shutdown(descriptor.rawValue, Int32(SHUT_RDWR))
        isClosed = true
        onReadable = {}
        onWritten = {}
        unsent.removeAll()
        readSource.cancel()
        writeSource.cancel()
        if !isReading { readSource.resume() }
        if !isWriting { writeSource.resume() }
        isReading = false
        isWriting = false
    }

    private func writeUnsent() {
        guard isWriting else { return }
        unsent.removeFirst(unsent.withUnsafeBytes { send($0) })
        if unsent.isEmpty || isBroken {
            unsent.removeAll()
            setWriting(false)
        }
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

    private func setWriting(_ isNeeded: Bool) {
        guard isNeeded != isWriting else { return }
        isWriting = isNeeded
        if isNeeded { writeSource.resume() } else { writeSource.suspend() }
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
