import Dispatch
import PeerIdentity

/// One connection to the metrics' port: answers one request, and ends.
///
/// Confined to its loop's queue, `start` and `stop` aside, which is what makes `@unchecked Sendable` sound.
///
/// Invariants: it holds one request of bounded size, or one reply; it ends exactly once, and after ten seconds at the latest.
final class MetricsConnection: @unchecked Sendable {
    private static let timeout = DispatchTimeInterval.seconds(10)

    private let server: Server
    private let loop: EventLoop
    private let stream: SocketStream
    private let onEnd: @Sendable (MetricsConnection) -> Void
    private var received: [UInt8] = []
    private var deadline: Deadline?
    private var hasEnded = false

    /// - Parameter onEnd: called once.
    init(
        _ descriptor: consuming FileDescriptor, server: Server, loop: EventLoop,
        onEnd: @escaping @Sendable (MetricsConnection) -> Void
    ) {
        self.server = server
        self.loop = loop
        self.onEnd = onEnd
        stream = SocketStream(descriptor, isTCP: true, loop: loop)
    }

    func start() {
        loop.perform { [self] in
            stream.onReadable = { [self] in read() }
            stream.onWritten = { [self] in endIfWritten() }
            stream.isReading = true
            deadline = Deadline(after: Self.timeout, in: loop) { [self] in end() }
        }
    }

    func stop() {
        loop.perform { self.end() }
    }

    private func read() {
        withUnsafeTemporaryAllocation(byteCount: HTTPRequest.limit, alignment: 1) { buffer in
            switch stream.read(into: buffer) {
            case .bytes(let count):
                received += buffer[..<count]
                answerIfWhole()
            case .nothing: break
            case .end, .failed: end()
            }
        }
    }

    private func answerIfWhole() {
        switch HTTPRequest.read(received) {
        case .incomplete: break
        case .tooLong: answer(HTTPReply(status: .tooLong))
        case .malformed: answer(HTTPReply(status: .malformed))
        case .request(let request):
            switch (request.method, request.path) {
            case ("GET", "/metrics"): answer(HTTPReply(text: MetricsText(server.overview).text))
            case ("HEAD", "/metrics"): answer(HTTPReply(text: MetricsText(server.overview).text, hasBody: false))
            case (_, "/metrics"): answer(HTTPReply(status: .notAllowed))
            default: answer(HTTPReply(status: .notFound))
            }
        }
    }

    private func answer(_ reply: HTTPReply) {
        stream.isReading = false
        stream.write(reply.bytes)
        endIfWritten()
    }

    private func endIfWritten() {
        if stream.unsentCount == 0 || stream.isBroken { end() }
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        deadline = nil
        stream.close()
        onEnd(self)
    }
}
