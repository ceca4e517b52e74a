import Dispatch
import JSONText
import PeerIdentity
import ServiceInterface

/// One administrator's connection: answers one request after the other.
///
/// Confined to its queue, `start` and `stop` aside, which is what makes `@unchecked Sendable` sound.
///
/// Invariants: nothing is read while an answer waits to be written, so that what the connection holds is one answer, or what a
/// `DecisionWatcher` holds; it ends exactly once.
final class AdminConnection: @unchecked Sendable {
    private enum Stage {
        case asking
        /// A request is being worked on elsewhere.
        case working
        case watching(DecisionWatcher)
        case ended
    }

    private let server: Server
    private let loop: EventLoop
    private let stream: SocketStream
    private let onEnd: @Sendable (AdminConnection) -> Void
    private var stage = Stage.asking
    private var received: [UInt8] = []

    /// - Parameter onEnd: called once.
    init(
        _ descriptor: consuming FileDescriptor, server: Server, loop: EventLoop,
        onEnd: @escaping @Sendable (AdminConnection) -> Void
    ) {
        self.loop = loop
        self.server = server
        self.onEnd = onEnd
        stream = SocketStream(descriptor, isTCP: false, loop: loop)
    }

    func start() {
        loop.perform { [self] in
            stream.onReadable = { [self] in read() }
            stream.onWritten = { [self] in written() }
            stream.isReading = true
            read()
        }
    }

    func stop() {
        loop.perform { self.end() }
    }

    private func read() {
        withUnsafeTemporaryAllocation(byteCount: AdminProtocol.requestLimit, alignment: 1) { buffer in
            while stream.isReading {
                switch stream.read(into: buffer) {
                case .bytes(let count): take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                case .nothing: return
                case .end, .failed: return end()
                }
            }
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        // A watcher has no more to say.
        if case .watching = stage { return }
        received += bytes
        answerNext()
        if received.count > 2 * AdminProtocol.requestLimit { end() }
    }

    /// Answers the next request if it is there whole, and nothing else is under way.
    private func answerNext() {
        while case .asking = stage, stream.unsentCount == 0 {
            guard let end = received.firstIndex(of: UInt8(ascii: "\n")) else {
                guard received.count > AdminProtocol.requestLimit else { break }
                write(AdminProtocol.error("the request is longer than \(AdminProtocol.requestLimit) bytes"))
                return self.end()
            }
            let line = received[..<end]
            received.removeSubrange(...end)
            answer(line)
        }
        updateReading()
    }

    private func answer(_ line: ArraySlice<UInt8>) {
        do throws(AdminRequest.Malformed) {
            switch try AdminRequest(line) {
            case .status: write(AdminProtocol.answer("status", server.overview.status))
            case .sessions: write(AdminProtocol.answer("sessions", server.overview.sessionReports))
            case .denials(let since, let profile):
                write(AdminProtocol.answer("denials", server.denials(since: since, profile: profile)))
            case .metrics: write(AdminProtocol.answer("metrics", .string(MetricsText(server.overview).text)))
            case .kick(let number):
                let isFound = server.kick(number)
                write(
                    isFound
                        ? AdminProtocol.answer("kicked", .count(number))
                        : AdminProtocol.error("there is no session \(number)"))
            case .reload: reload()
            case .complain(let name, let seconds): complain(name, for: seconds)
            case .enforce(let name): enforce(name)
            case .explain(let number, let command): explain(command, in: number)
            case .watch(let filter): watch(filter)
            }
        } catch {
            write(AdminProtocol.error(error.why))
        }
    }

    private func reload() {
        work { server in
            let report =
                switch server.reload() {
                case .success(let summary): summary.report
                case .failure(let failure): failure.report
                }
            return AdminProtocol.answer("reloaded", report)
        }
    }

    /// Answers with what `body` returns, which may take its time: it must not hold up a thread of Dispatch's own.
    private func work(_ body: @escaping @Sendable (Server) -> JSONValue) {
        stage = .working
        let isTaken = server.adminWork.run { [self] in
            let answer = body(server)
            loop.perform { self.finish(answer) }
        }
        if !isTaken { finish(AdminProtocol.error("too much else is being done; try again")) }
    }

    private func complain(_ name: String, for seconds: Int) {
        work { server in
            switch server.complain(name, for: seconds) {
            case .taken:
                AdminProtocol.answer("complaining", .integer(seconds)).adding([
                    "still-enforced": .array(server.enforcedUnions(with: name).map { .string($0) })
                ])
            case .noSuchProfile: AdminProtocol.error("there is no profile '\(LogText.escaped(name.utf8, limit: 100))'")
            case .always: AdminProtocol.error("it is in complain mode already, without an end")
            }
        }
    }

    private func enforce(_ name: String) {
        work { server in
            server.enforce(name)
                ? AdminProtocol.answer("enforced", .boolean(true))
                : AdminProtocol.error(
                    "the profile '\(LogText.escaped(name.utf8, limit: 100))' is not in complain mode for a while")
        }
    }

    private func explain(_ command: String, in number: UInt64) {
        stage = .working
        let isFound = server.explain(Array(command.utf8), in: number) { [self] explanation in
            let answer =
                explanation.map { AdminProtocol.answer("explanation", $0.report) }
                ?? AdminProtocol.error("that is no command, or the session is over")
            loop.perform { self.finish(answer) }
        }
        if !isFound { finish(AdminProtocol.error("there is no session \(number)")) }
    }

    /// Answers what took its time.
    private func finish(_ answer: JSONValue) {
        guard case .working = stage else { return }
        stage = .asking
        write(answer)
        answerNext()
    }

    private func watch(_ filter: DecisionFilter) {
        let watcher = DecisionWatcher(filter) { [weak self] in
            guard let self else { return }
            loop.perform { self.pass() }
        }
        stage = .watching(watcher)
        server.monitor.decisions.add(watcher)
        write(AdminProtocol.answer("watching", .boolean(true)))
    }

    /// Passes on what waits, once what came before has been written.
    private func pass() {
        guard case .watching(let watcher) = stage, stream.unsentCount == 0 else { return }
        stream.write(watcher.take())
        if stream.isBroken { end() }
    }

    private func write(_ answer: JSONValue) {
        stream.write(AdminProtocol.line(answer))
        if stream.isBroken { end() }
    }

    private func written() {
        if stream.isBroken { return end() }
        guard stream.unsentCount == 0 else { return }
        if case .watching = stage { pass() } else { answerNext() }
    }

    private func updateReading() {
        switch stage {
        case .asking: stream.isReading = stream.unsentCount == 0
        case .working: stream.isReading = false
        // To see it go.
        case .watching: stream.isReading = true
        case .ended: break
        }
    }

    private func end() {
        if case .ended = stage { return }
        if case .watching(let watcher) = stage { server.monitor.decisions.remove(watcher) }
        stage = .ended
        stream.close()
        onEnd(self)
    }
}
