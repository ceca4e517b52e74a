extension Transcript {
    /// Reads a transcript; `file` is what its failures name.
    public init(parsing text: String, file: String) throws(TranscriptError) {
        try self.init(parsing: Array(text.utf8), file: file)
    }

    /// Reads a transcript; `file` is what its failures name.
    public init(parsing bytes: [UInt8], file: String) throws(TranscriptError) {
        var parser = TranscriptParser(file: file)
        self.init(file: file, sessions: try parser.parse(bytes))
    }
}

/// Puts the lines of a transcript together to sessions and exchanges. Linear in the text.
private struct TranscriptParser {
    private let file: String
    private var lineNumber = 0
    private var sessions: [TranscriptSession] = []

    /// The settings before the first `==`, which all sessions inherit.
    private var defaults: SessionSettings?
    private var title: String?
    private var firstLine = 1
    private var settings = SessionSettings()
    private var exchanges: [TranscriptExchange] = []
    private var exchange = TranscriptExchange()
    /// The direction of the line before, if it was one that goes through unchanged.
    private var relaying: TranscriptLine.Direction?
    /// The text of a profile that is being read.
    private var inlineProfile: [UInt8]?

    init(file: String) {
        self.file = file
    }

    mutating func parse(_ bytes: [UInt8]) throws(TranscriptError) -> [TranscriptSession] {
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            lineNumber += 1
            try take(Array(line.last == 13 ? line.dropLast() : line))
        }
        endInlineProfile()
        endSession()
        guard !sessions.isEmpty else {
            throw TranscriptError(file: file, line: 1, column: 1, message: "nothing is said in this transcript")
        }
        return sessions
    }

    private mutating func take(_ line: [UInt8]) throws(TranscriptError) {
        if inlineProfile != nil {
            guard let first = line.first, !TranscriptLine.isBlank(first) else {
                inlineProfile?.append(contentsOf: line + [10])
                return
            }
            endInlineProfile()
        }
        do {
            switch try TranscriptLine(parsing: line) {
            case .blank: endExchange()
            case .comment: break
            case .session(let title): beginSession(title)
            case .setting(let key, let value): try set(key, to: value)
            case .event(let event): add(event)
            case .expectation(let expectation): expect(expectation)
            case .relay(let direction, let chunks): relay(direction, chunks)
            }
        } catch {
            throw TranscriptError(file: file, line: lineNumber, column: error.column, message: error.message)
        }
    }

    private mutating func set(_ key: SessionSettings.Key, to value: String) throws(TranscriptLine.Failure) {
        guard exchange.isEmpty, exchanges.isEmpty else {
            throw TranscriptLine.Failure(
                column: 1, message: "'\(key.rawValue)' is a setting: it belongs before the first line that is said"
            )
        }
        if key == .profile, value.isEmpty {
            inlineProfile = [UInt8](repeating: 10, count: lineNumber)
            return
        }
        do {
            try settings.set(key, to: value)
        } catch {
            throw TranscriptLine.Failure(column: 1, message: error.message)
        }
    }

    private mutating func endInlineProfile() {
        guard let text = inlineProfile else { return }
        settings.profile = .inline(text)
        inlineProfile = nil
    }

    private mutating func beginSession(_ title: String?) {
        endSession()
        if defaults == nil { defaults = settings }
        settings = defaults ?? SessionSettings()
        self.title = title
        firstLine = lineNumber
    }

    private mutating func endSession() {
        endExchange()
        guard !exchanges.isEmpty else { return }
        sessions.append(
            TranscriptSession(title: title, line: firstLine, settings: settings, exchanges: exchanges)
        )
        exchanges = []
    }

    private mutating func add(_ event: TranscriptExchange.Event) {
        relaying = nil
        if !exchange.expectations.isEmpty { endExchange() }
        exchange.events.append((lineNumber, event))
    }

    private mutating func expect(_ expectation: TranscriptExchange.Expectation) {
        relaying = nil
        exchange.expectations.append((lineNumber, expectation))
    }

    /// A run of lines that go through in one direction is one exchange.
    private mutating func relay(_ direction: TranscriptLine.Direction, _ chunks: [[UInt8]]) {
        if relaying != direction, !exchange.expectations.isEmpty { endExchange() }
        let bytes = Array(chunks.joined())
        switch direction {
        case .toTor:
            exchange.events.append((lineNumber, .client(chunks)))
            exchange.expectations.append((lineNumber, .toTor(bytes)))
        case .toClient:
            exchange.events.append((lineNumber, .tor(chunks)))
            exchange.expectations.append((lineNumber, .toClient(bytes)))
        }
        relaying = direction
    }

    private mutating func endExchange() {
        relaying = nil
        guard !exchange.isEmpty else { return }
        exchanges.append(exchange)
        exchange = TranscriptExchange()
    }
}
