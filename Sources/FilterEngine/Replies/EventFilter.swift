import ControlProtocol
import Profiles

/// Collects the lines of asynchronous events and judges each event as a whole (control-spec, section 4.1).
struct EventFilter: Sendable {
    /// How many bytes one event may take.
    private let limit: Int
    private var lines: [ReplyLine] = []
    private var size = 0

    init(limit: Int = 64 << 20) {
        self.limit = limit
    }

    /// Whether no event has begun and not ended.
    var isEmpty: Bool { lines.isEmpty }

    enum Outcome {
        /// The event is not whole yet.
        case incomplete
        case event(name: Keyword, lines: [ReplyLine])
        /// An event without a name, or over the bound.
        case violation
    }

    /// Takes the next line of an event.
    mutating func take(_ line: ReplyLine) -> Outcome {
        size += line.heldSize
        guard size <= limit else { return .violation }
        lines.append(line)
        guard line.kind == .end else { return .incomplete }
        var event = lines
        lines = []
        size = 0
        let end = event[0].text.firstIndex(of: .space) ?? event[0].text.count
        guard let name = Keyword(event[0].text[..<end]) else { return .violation }
        // Patterns are written for the name in capitals, as tor writes it.
        for index in 0..<end { event[0].text[index] = event[0].text[index].uppercasedASCII }
        return .event(name: name, lines: event)
    }

    /// Appends what becomes of an event of one line under a rule.
    static func write(
        _ line: ReplyLineView, rule: EventRule, addresses: ConnectionAddresses, to output: inout [UInt8]
    ) {
        guard !rule.isSuppressed else { return }
        let rewriter = LineRewriter(rules: rule.response, addresses: addresses)
        switch rewriter.rewrite(line.text, code: line.code, kind: line.kind) {
        case .untouched, .kept: line.write(to: &output)
        case .rewritten(let text): line.write(with: text, to: &output)
        case .dropped: break
        }
    }

    /// Appends what becomes of an event under a rule: every line is offered to the rewrites, and an event whose first
    /// line is left out is left out whole.
    static func write(
        _ lines: [ReplyLine], rule: EventRule, addresses: ConnectionAddresses, to output: inout [UInt8]
    ) {
        guard !rule.isSuppressed else { return }
        guard !rule.response.isEmpty else {
            for line in lines { line.write(to: &output) }
            return
        }
        let rewriter = LineRewriter(rules: rule.response, addresses: addresses)
        var kept = [ReplyLine]()
        var dropsBlock = false
        for (index, line) in lines.enumerated() {
            // The end of an event of several lines says nothing.
            let isBare = line.kind == .blockEnd || index > 0 && line.kind == .end && line.text.elementsEqual("OK".utf8)
            if dropsBlock && (line.kind == .data || line.kind == .blockEnd) { continue }
            dropsBlock = false
            if isBare {
                kept.append(line)
                continue
            }
            switch line.withView({ rewriter.rewrite($0.text, code: $0.code, kind: $0.kind) }) {
            case .untouched, .kept: kept.append(line)
            case .rewritten(let text): kept.append(ReplyLine(code: line.code, kind: line.kind, text: Array(text)))
            case .dropped where index == 0: return
            case .dropped: dropsBlock = line.kind == .blockStart
            }
        }
        if kept.last?.kind == .middle { kept[kept.count - 1].kind = .end }
        if kept.last?.kind == .blockEnd { kept.append(ReplyLine(code: 650, kind: .end, text: Array("OK".utf8))) }
        for line in kept { line.write(to: &output) }
    }
}
