import Dispatch
import Glibc
import PeerIdentity
import ServiceInterface

/// Makes one authenticated connection to tor: tries the addresses in order until one works.
///
/// Confined to its loop's queue, where `completion` is called, once, unless `cancel` comes before.
final class UpstreamConnector {
    enum Outcome {
        /// `stream` is reading, and its handlers are to be set at once; what there is to read must be asked for once.
        /// `version`: tor's, where it told.
        case connected(SocketStream, version: [UInt8]?)
        /// What went wrong at each address.
        case failed(String)
    }

    private let upstream: Upstream
    private let loop: EventLoop
    private let charge: Charge?
    private var completion: ((Outcome) -> Void)?
    private var remaining: ArraySlice<SocketAddress>
    private var failures: [String] = []
    private var stream: SocketStream?
    private var handshake: Handshake
    private var deadline: Deadline?
    private var retry: Deadline?

    init(
        to upstream: Upstream, in loop: EventLoop, charge: Charge?,
        completion: @escaping (Outcome) -> Void
    ) {
        self.upstream = upstream
        self.loop = loop
        self.charge = charge
        self.completion = completion
        remaining = upstream.candidates[...]
        handshake = Self.makeHandshake(upstream)
    }

    /// Begins, at once or after a `delay`. `completion` may be called before this returns.
    func start(after delay: DispatchTimeInterval? = nil) {
        guard let delay else { return tryNext() }
        retry = Deadline(after: delay, in: loop) { self.tryNext() }
    }

    func cancel() {
        completion = nil
        reset()
        stream?.close()
        stream = nil
    }

    private func tryNext() {
        guard let address = remaining.popFirst() else {
            return finish(.failed(failures.isEmpty ? "no address is given" : failures.joined(separator: "; ")))
        }
        handshake = Self.makeHandshake(upstream)
        deadline = Deadline(after: upstream.timeout, in: loop) { self.fail(address, "no answer in time") }
        connect(to: address)
    }

    private func connect(to address: SocketAddress) {
        do throws(SystemError) {
            let socket = try Socket.make(address.family)
            switch Socket.connect(socket, to: address) {
            case 0, EINPROGRESS:
                greet(SocketStream(socket, isTCP: address.isTCP, charge: charge, loop: loop), at: address)
            case EAGAIN: retry = Deadline(after: .milliseconds(20), in: loop) { self.connect(to: address) }
            case let code: fail(address, ErrorNumber.text(code))
            }
        } catch {
            fail(address, "\(error)")
        }
    }

    /// While the connection is being made, the greeting waits; if it fails, so do reading and writing.
    private func greet(_ stream: SocketStream, at address: SocketAddress) {
        self.stream = stream
        stream.onReadable = { self.receive(from: stream, at: address) }
        stream.write(Handshake.greeting)
        stream.isReading = true
        receive(from: stream, at: address)
    }

    private func receive(from stream: SocketStream, at address: SocketAddress) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 8192) { buffer in
            while self.stream === stream {
                switch stream.read(into: UnsafeMutableRawBufferPointer(buffer)) {
                case .bytes(let count):
                    advance(UnsafeBufferPointer(rebasing: buffer[..<count]), from: stream, at: address)
                case .nothing: return
                // A refused connection reports it once, to the first call.
                case .end:
                    fail(
                        address,
                        stream.failure.map(ErrorNumber.text) ?? "closed the connection before we were authenticated")
                case .failed(let code): fail(address, ErrorNumber.text(code))
                }
            }
        }
    }

    private func advance(_ bytes: UnsafeBufferPointer<UInt8>, from stream: SocketStream, at address: SocketAddress) {
        do throws(HandshakeFailure) {
            switch try handshake.receive(bytes) {
            case .wait: break
            case .send(let command): stream.write(command)
            case .done(let version):
                self.stream = nil
                finish(.connected(stream, version: version))
            }
        } catch {
            fail(address, "\(error)")
        }
    }

    private func fail(_ address: SocketAddress, _ reason: String) {
        failures.append("\(address): \(reason)")
        reset()
        stream?.close()
        stream = nil
        tryNext()
    }

    private func finish(_ outcome: Outcome) {
        reset()
        completion?(outcome)
        completion = nil
    }

    private func reset() {
        deadline = nil
        retry = nil
    }

    private static func makeHandshake(_ upstream: Upstream) -> Handshake {
        Handshake(
            password: upstream.password, cookiePath: upstream.cookiePath, mayShowCookie: upstream.mayShowCookie,
            clientNonce: Random.nonce(),
            readCookie: CookieFile.read)
    }
}
