import ControlProtocol

/// What a client in tor-browser-mode may see of streams and circuits: its own, and nothing of anybody else's.
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
    /// What a line takes beside its text, in bytes.
    private static let lineOverhead = 80

    /// Nil for a client on this machine.
    private let remoteAddress: IPAddress?
    /// Tor's, for SOCKS; nil while they are not known.
    private var socksPorts: Set<UInt16>?
    private var streams: [[UInt8]: Ownership] = [:]
    /// Circuits that were the client's at some time and have not been closed.
    private var knownCircuits = Set<[UInt8]>()
    private var unresolvedCount = 0
    /// The size of all events that wait.
    private(set) var waitingSize = 0

    init(remoteAddress: IPAddress?) {
        self.remoteAddress = remoteAddress
    }

    /// The events that tell whose streams there are: tor must send them whatever the client has subscribed to.
    static let neededEvents: Set<Keyword> = ["STREAM"]

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
        default: return Self.hiddenEvents.contains(name) ? .hide : .show(lines)
        }
    }

    /// The key of GETINFO's that tells tor's SOCKS ports.
    static let listenersKey = Array("net/listeners/socks".utf8)

    /// Whether nothing can be said of streams before tor has told its SOCKS ports.
    var needsSOCKSPorts: Bool { remoteAddress == nil && socksPorts == nil }

    /// Takes tor's SOCKS ports from its list of listeners: quoted addresses, and paths of unix sockets.
    mutating func note(socksListeners list: some Collection<UInt8>) {
        let ports = list.split(separator: .space).compactMap { listener -> UInt16? in
            let address = listener.filter { $0 != .quote }
            guard !address.starts(with: "unix:".utf8), let colon = address.lastIndex(of: UInt8(ascii: ":")) else {
                return nil
            }
            return UInt16(String(decoding: address[(colon + 1)...], as: UTF8.self))
        }
        socksPorts = Set(ports)
    }

    /// It was found out whether the client is at `source`; what waited for it and may be seen.
    mutating func resolve(_ source: StreamSource, isOwn: Bool) -> [[ReplyLine]] {
        let events = forget(unresolved: source.stream)
        guard isOwn, !events.isEmpty else { return [] }
        streams[source.stream] = .own(circuit: nil)
        for line in events {
            if let event = StreamEvent(line.text) { follow(event) }
        }
        return events.map { [$0] }
    }

    /// Takes a stream of which it is not known whose it is for another's; what waited.
    private mutating func forget(unresolved stream: [UInt8]) -> [ReplyLine] {
        guard case .unresolved(let events)? = streams[stream] else { return [] }
        streams[stream] = nil
        unresolvedCount -= 1
        for line in events { waitingSize -= Self.size(of: line) }
        return events
    }

    private static func size(of line: ReplyLine) -> Int { line.text.count + lineOverhead }

    /// Whether a stream of the client's is attached to the circuit.
    func has(circuit: [UInt8]) -> Bool {
        streams.values.contains { if case .own(circuit) = $0 { true } else { false } }
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
            waitingSize += Self.size(of: line)
            return .hide
        case nil:
            guard event.isFirst, case .program(let address, let port) = event.source else { return .hide }
            if let remoteAddress {
                guard address == remoteAddress else { return .hide }
                streams[event.stream] = .own(circuit: event.circuit)
                return .show(lines)
            }
            guard let socksPorts, !socksPorts.isEmpty, unresolvedCount < Self.unresolvedLimit,
                waitingSize < Self.waitingLimit
            else { return .hide }
            unresolvedCount += 1
            waitingSize += Self.size(of: line)
            streams[event.stream] = .unresolved([line])
            return .ask(StreamSource(stream: event.stream, address: address, port: port, socksPorts: socksPorts))
        }
    }

    /// Keeps track of a stream of the client's.
    private mutating func follow(_ event: StreamEvent) {
        streams[event.stream] = event.isLast ? nil : .own(circuit: event.circuit)
        if let circuit = event.circuit { knownCircuits.insert(circuit) }
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
