import ControlProtocol

/// The streams and circuits that a client in tor-browser-mode may see: only its own.
///
/// A stream is the client's if its first event came from the client's address, or, for a client on this machine, if the
/// program at its source was found to be the client. A circuit is the client's while one of its streams is attached to it.
struct OwnStreams: Sendable {
    private enum Ownership {
        case own(circuit: [UInt8]?)
        /// It is being found out; these are the events so far, one line each.
        case unresolved([ReplyLine])
    }

    /// Streams of which it may be asked at once whose they are; more are taken for others'.
    private static let unresolvedLimit = 256
    /// Bytes of events that may wait for an answer; streams that more is heard of are taken for others'.
    private static let waitingLimit = 1 << 20

    /// Nil for a client on this machine.
    private let remoteAddress: IPAddress?
    private var ports = ListenerPorts()
    /// Where streams come from that are to be asked about once the ports are known.
    private var unasked: [StreamSource] = []
    private var streams: [[UInt8]: Ownership] = [:]
    /// How many of the client's streams are attached to each circuit; none with zero.
    private var streamCounts: [[UInt8]: Int] = [:]
    /// Circuits that were the client's at some time and have not been closed.
    private var knownCircuits = Set<[UInt8]>()
    private var unresolvedCount = 0
    /// The size of all events that wait.
    private(set) var waitingSize = 0

    init(remoteAddress: IPAddress?) {
        self.remoteAddress = remoteAddress
    }

    /// The events that tell whose streams there are, and when tor's ports may be others: tor must send them whatever the
    /// client has subscribed to.
    static func neededEvents(isRemote: Bool) -> Set<Keyword> {
        isRemote ? ["STREAM"] : ["STREAM", configurationEvent]
    }

    static let configurationEvent: Keyword = "CONF_CHANGED"

    /// Events that tell of streams and circuits without a way to tell whose: none of them passes.
    static let hiddenEvents: Set<Keyword> = ["ADDRMAP", "CIRC_BW", "CIRC_MINOR", "CELL_STATS", "CONN_BW", "ORCONN"]

    /// What becomes of an event.
    enum Verdict: Equatable {
        /// The client may see these lines.
        case show([ReplyLine])
        case hide
        /// It has to be found out whether the client is at this source; the event waits for `resolve`.
        case ask(StreamSource)
    }

    mutating func judge(_ name: Keyword, _ lines: [ReplyLine]) -> Verdict {
        switch name {
        case "STREAM": return judgeStream(lines)
        case "STREAM_BW": return has(stream: Self.word(1, of: lines)) ? .show(lines) : .hide
        case "CIRC": return judgeCircuit(lines)
        case Self.configurationEvent:
            ports.configurationChanged()
            return .show(lines)
        default: return Self.hiddenEvents.contains(name) ? .hide : .show(lines)
        }
    }

    /// Whether to ask tor for its ports now; the answer counts as asking.
    mutating func askForPorts() -> Bool { remoteAddress == nil && ports.ask() }

    /// Takes a line of tor's answer.
    mutating func record(listeners line: [UInt8]) { ports.record(line) }

    /// Tor has answered; what can be found out now that waited for it.
    mutating func portsTold() -> [StreamSource] {
        ports.answered()
        guard let known = ports.known else { return [] }
        let sources = unasked
        unasked = []
        guard !known.isEmpty else {
            for source in sources { _ = forget(unresolved: source.stream) }
            return []
        }
        return sources.compactMap { source in
            guard case .unresolved? = streams[source.stream] else { return nil }
            return source.over(known)
        }
    }

    /// It was found out whether the client is at `source`; what waited for it and may be seen.
    mutating func resolve(_ source: StreamSource, isOwn: Bool) -> [[ReplyLine]] {
        let events = forget(unresolved: source.stream)
        guard isOwn, !events.isEmpty else { return [] }
        attach(source.stream, to: nil)
        for line in events {
            if let event = StreamEvent(line.text) { follow(event) }
        }
        return events.map { [$0] }
    }

    /// Treats a stream of unknown owner as somebody else's; returns what waited.
    private mutating func forget(unresolved stream: [UInt8]) -> [ReplyLine] {
        guard case .unresolved(let events)? = streams[stream] else { return [] }
        streams[stream] = nil
        unresolvedCount -= 1
        for line in events { waitingSize -= line.heldSize }
        return events
    }

    /// Whether a stream of the client's is attached to the circuit.
    func has(circuit: [UInt8]) -> Bool {
        streamCounts[circuit] != nil
    }

    /// Whether the stream is the client's.
    func has(stream: [UInt8]) -> Bool {
        if case .own? = streams[stream] { true } else { false }
    }

    /// Forgets all streams and circuits.
    mutating func forget() {
        self = OwnStreams(remoteAddress: remoteAddress)
    }

    private mutating func judgeStream(_ lines: [ReplyLine]) -> Verdict {
        guard lines.count == 1, let line = lines.first, let event = StreamEvent(line.text) else { return .hide }
        switch streams[event.stream] {
        case .own?:
            follow(event)
            return .show(lines)
        case .unresolved(var events)?:
            // Once it has ended, its source may be another program's already: it was nobody's.
            guard !event.isLast, waitingSize < Self.waitingLimit else {
                _ = forget(unresolved: event.stream)
                return .hide
            }
            // No second reference may be held while the events grow: each append would copy them.
            streams[event.stream] = .unresolved([])
            events.append(line)
            streams[event.stream] = .unresolved(events)
            waitingSize += line.heldSize
            return .hide
        case nil:
            guard event.isFirst, case .program(let address, let port) = event.source else { return .hide }
            if let remoteAddress {
                guard address == remoteAddress else { return .hide }
                attach(event.stream, to: event.circuit)
                return .show(lines)
            }
            guard event.isAskedForByConnection, ports.known?.isEmpty != true,
                max(unresolvedCount, unasked.count) < Self.unresolvedLimit,
                waitingSize < Self.waitingLimit
            else { return .hide }
            unresolvedCount += 1
            waitingSize += line.heldSize
            streams[event.stream] = .unresolved([line])
            let source = StreamSource(stream: event.stream, address: address, port: port, torPorts: [])
            if let known = ports.known { return .ask(source.over(known)) }
            unasked.append(source)
            return .hide
        }
    }

    /// Keeps track of a stream of the client's.
    private mutating func follow(_ event: StreamEvent) {
        if event.isLast { end(event.stream) } else { attach(event.stream, to: event.circuit) }
        if let circuit = event.circuit { knownCircuits.insert(circuit) }
    }

    /// Notes a stream of the client's, and which circuit it is attached to now.
    private mutating func attach(_ stream: [UInt8], to circuit: [UInt8]?) {
        end(stream)
        streams[stream] = .own(circuit: circuit)
        if let circuit { streamCounts[circuit, default: 0] += 1 }
    }

    private mutating func end(_ stream: [UInt8]) {
        guard case .own(let circuit?)? = streams.removeValue(forKey: stream) else { return }
        streamCounts[circuit] = streamCounts[circuit].flatMap { $0 > 1 ? $0 - 1 : nil }
    }

    /// Of circuits the client hears that one it knows was closed, and no more.
    private mutating func judgeCircuit(_ lines: [ReplyLine]) -> Verdict {
        let id = Self.word(1, of: lines)
        guard Self.word(2, of: lines).elementsEqual("CLOSED".utf8), knownCircuits.remove(id) != nil else {
            return .hide
        }
        let text = Array("CIRC ".utf8) + id + Array(" CLOSED".utf8)
        return .show([ReplyLine(code: 650, kind: .end, text: text)])
    }

    private static func word(_ index: Int, of lines: [ReplyLine]) -> [UInt8] {
        let words = lines.first?.text.split(separator: .space, maxSplits: index + 1) ?? []
        return words.count > index ? Array(words[index]) : []
    }
}
