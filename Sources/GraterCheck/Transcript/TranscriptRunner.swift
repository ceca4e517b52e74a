import FilterEngine
import Profiles

extension Transcript {
    /// Runs every session of the transcript, fed in every way.
    ///
    /// - Parameter policy: gives the policy of a session; what it throws is a failure of the session.
    /// - Returns: at most one failure for each session; empty if everything is as written.
    public func run(policy: (SessionSettings) throws -> Policy) -> [TranscriptFailure] {
        var coverage = RuleCoverage()
        return run(policy: policy, &coverage)
    }

    /// The same, and notes which rules decided about anything.
    func run(policy: (SessionSettings) throws -> Policy, _ coverage: inout RuleCoverage) -> [TranscriptFailure] {
        sessions.compactMap { run($0, policy: policy, &coverage) }
    }

    /// Runs every session of the transcript against one policy, fed in every way.
    public func run(policy: Policy) -> [TranscriptFailure] {
        run { _ in policy }
    }

    /// Runs one session of the transcript, fed in every way, up to the first failure.
    public func run(
        _ session: TranscriptSession, policy: (SessionSettings) throws -> Policy
    ) -> TranscriptFailure? {
        var coverage = RuleCoverage()
        return run(session, policy: policy, &coverage)
    }

    private func run(
        _ session: TranscriptSession, policy: (SessionSettings) throws -> Policy, _ coverage: inout RuleCoverage
    ) -> TranscriptFailure? {
        do {
            let policy = try policy(session.settings)
            for feeding in TranscriptFeeding.allCases {
                var runner = TranscriptRunner(file: file, session: session, policy: policy, feeding: feeding)
                defer { coverage.add(policy, used: runner.used) }
                try runner.run()
            }
            return nil
        } catch let failure as TranscriptFailure {
            return failure
        } catch {
            return TranscriptFailure(
                file: file, line: session.line, session: session.title, sessionLine: session.line, feeding: .asWritten,
                message: "\(error)",
                difference: []
            )
        }
    }
}

/// One run of one session: plays client and tor against the engine, and compares all that leaves it.
private struct TranscriptRunner {
    private let file: String
    private let script: TranscriptSession
    private let feeding: TranscriptFeeding
    private var session: Session
    private var effects = Effects()
    /// What the client said while the session did not want to hear it.
    private var waiting: [ClientEvent] = []
    private var closingLine: Int?
    /// A connection that was asked for and is not there yet.
    private var isConnecting = false
    private var listeners: PlayedListeners
    /// The rules that decided about anything.
    private(set) var used = Set<SourceLocation>()

    private enum ClientEvent {
        case bytes([UInt8])
        case finished
    }

    init(file: String, session: TranscriptSession, policy: Policy, feeding: TranscriptFeeding) {
        self.file = file
        script = session
        self.feeding = feeding
        listeners = session.settings.listeners
        self.session = Session(policy: policy, context: session.settings.context)
    }

    mutating func run() throws(TranscriptFailure) {
        for exchange in script.exchanges { try run(exchange) }
        guard waiting.isEmpty || closingLine != nil else {
            throw failure(
                script.exchanges.last?.lastLine ?? script.line, "the session does not read all that the client says"
            )
        }
    }

    private mutating func run(_ exchange: TranscriptExchange) throws(TranscriptFailure) {
        let answersItself = exchange.expectations.contains { $0.expectation == .connects }
        effects.removeAll()
        var connects = 0
        for (line, event) in feeding.events(of: exchange) {
            if let closingLine {
                throw failure(line, "the session closed at line \(closingLine), so this cannot be said")
            }
            if effects.closing != nil { break }
            try feed(event, line)
            if effects.connectsToTor {
                effects.connectsToTor = false
                connects += 1
                isConnecting = true
                if !answersItself { connected(nil) }
            }
        }
        used.formUnion(effects.decisions.flatMap(\.rules))
        try check(exchange, connects: connects)
        if effects.closing != nil { closingLine = exchange.lastLine }
    }

    private mutating func feed(_ event: TranscriptExchange.Event, _ line: Int) throws(TranscriptFailure) {
        switch event {
        case .client(let chunks):
            waiting += chunks.map { .bytes($0) }
        case .clientFinished:
            waiting.append(.finished)
        case .tor(let chunks):
            for chunk in chunks where effects.closing == nil {
                chunk.withUnsafeBufferPointer { session.receive(fromTor: $0, &effects) }
            }
        case .torConnected(let version):
            try answerConnecting(line)
            connected(version)
        case .torUnavailable(let reason):
            try answerConnecting(line)
            session.torUnavailable(reason, &effects)
        case .torLost:
            session.torLost(&effects)
        case .listener(let target, let finding):
            listeners[target] = finding
        case .secondPasses:
            session.review(listeners.findings(of: session.watchedTargets), &effects)
        }
        feedClient()
    }

    /// Like the daemon, reads from the client only while the session wants to.
    private mutating func feedClient() {
        var fed = 0
        while fed < waiting.count, effects.closing == nil, session.wantsClientBytes {
            switch waiting[fed] {
            case .bytes(let chunk): chunk.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
            case .finished: session.clientFinished(&effects)
            }
            listeners.answer(&session, &effects)
            fed += 1
        }
        waiting.removeFirst(fed)
    }

    private mutating func connected(_ version: [UInt8]?) {
        isConnecting = false
        session.torConnected(version: version ?? Array(script.settings.torVersion.utf8), &effects)
        feedClient()
    }

    private mutating func answerConnecting(_ line: Int) throws(TranscriptFailure) {
        guard isConnecting else { throw failure(line, "the session has not asked for a connection to tor") }
        isConnecting = false
    }

    private func check(_ exchange: TranscriptExchange, connects: Int) throws(TranscriptFailure) {
        var toTor = ExpectedBytes()
        var toClient = ExpectedBytes()
        var logs = [(line: Int, text: String)]()
        var closing: (line: Int, reason: TranscriptClosing?)?
        for (line, expectation) in exchange.expectations {
            switch expectation {
            case .toTor(let bytes): toTor.append(bytes, line)
            case .toClient(let bytes): toClient.append(bytes, line)
            case .logs(let text): logs.append((line, text))
            case .closes(let reason): closing = (line, reason)
            case .connects:
                guard connects > 0 else { throw failure(line, "the session does not ask for a connection to tor") }
            }
        }
        try compare(toTor, effects.toTor, "what tor gets", exchange)
        try compare(toClient, effects.toClient, "what the client sees", exchange)
        if !logs.isEmpty { try compare(logs, exchange) }
        switch (closing, effects.closing) {
        case (nil, nil): break
        case (nil, let actual?): throw failure(exchange.lastLine, "the session closes: \(actual)")
        case (let expected?, nil): throw failure(expected.line, "the session stays open")
        case (let expected?, let actual?):
            guard expected.reason == nil || expected.reason == TranscriptClosing(actual) else {
                throw failure(expected.line, "the session closes for another reason: \(actual)")
            }
        }
    }

    private func compare(
        _ expected: ExpectedBytes, _ actual: [UInt8], _ what: String, _ exchange: TranscriptExchange
    ) throws(TranscriptFailure) {
        guard expected.bytes != actual else { return }
        let (lines, first) = LineDifference.between(
            expected: WireText.lines(expected.bytes).map { TranscriptNotation.write(line: $0) },
            actual: WireText.lines(actual).map { TranscriptNotation.write(line: $0) }
        )
        let line = first.flatMap { expected.transcriptLine(of: $0) } ?? exchange.lastLine
        throw failure(line, "\(what) differs", lines)
    }

    private func compare(
        _ expected: [(line: Int, text: String)], _ exchange: TranscriptExchange
    ) throws(TranscriptFailure) {
        let actual = effects.decisions.map { "\($0.verdict.name) \(WireText.escape($0.command))" }
        guard expected.map(\.text) != actual else { return }
        let (lines, first) = LineDifference.between(expected: expected.map(\.text), actual: actual)
        let line = first.flatMap { expected.indices.contains($0) ? expected[$0].line : nil } ?? exchange.lastLine
        throw failure(line, "what is logged differs", lines)
    }

    private func failure(_ line: Int, _ message: String, _ difference: [LineDifference] = []) -> TranscriptFailure {
        TranscriptFailure(
            file: file, line: line, session: script.title, sessionLine: script.line, feeding: feeding, message: message,
            difference: difference
        )
    }
}

/// The bytes that one side must receive in an exchange, and where the transcript says so.
private struct ExpectedBytes {
    private(set) var bytes: [UInt8] = []
    private var starts: [(offset: Int, line: Int)] = []

    mutating func append(_ part: [UInt8], _ line: Int) {
        starts.append((bytes.count, line))
        bytes += part
    }

    /// The line of the transcript that says what the wire's line `index` begins with; nil beyond the last.
    func transcriptLine(of index: Int) -> Int? {
        let lines = WireText.lines(bytes)
        guard lines.indices.contains(index) else { return nil }
        return starts.last { $0.offset <= lines[index].startIndex }?.line
    }
}

extension TranscriptExchange {
    fileprivate var lastLine: Int {
        max(events.last?.line ?? 1, expectations.last?.line ?? 1)
    }
}

extension TranscriptClosing {
    package init(_ closing: Closing) {
        switch closing {
        case .clientLeft: self = .clientLeft
        case .clientViolation: self = .clientViolation
        case .torViolation: self = .torViolation
        case .torLost: self = .torLost
        }
    }
}
