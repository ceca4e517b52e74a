import ControlProtocol

/// Cuts the lists in a reply to GETINFO (circuits, streams, onion services) down to what the client may see.
///
/// Tor writes a list of one in its line, and a longer one as a data block; an empty list has to be in a line too, so the
/// head of a block waits until something of it is left.
struct ListFilter: Sendable {
    private enum State {
        case outside
        /// In the block of a list.
        case inside(OwnedList, head: ReplyLine, isHeadOut: Bool)
    }

    private var state = State.outside

    /// Whether a list has begun and not ended.
    var isInList: Bool { if case .inside = state { true } else { false } }

    /// The lines that take the place of `line`; without an `ownership` all of a list is shown.
    mutating func filter(_ line: ReplyLine, by ownership: Ownership?) -> [ReplyLine] {
        switch (line.kind, state) {
        case (.data, .inside(let list, let head, let isHeadOut)):
            guard ownership?.shows(line.text, in: list) ?? true else { return [] }
            state = .inside(list, head: head, isHeadOut: true)
            return isHeadOut ? [line] : [head, line]
        case (.blockEnd, .inside(_, let head, let isHeadOut)):
            state = .outside
            return isHeadOut ? [line] : [ReplyLine(code: head.code, kind: .middle, text: head.text)]
        case _ where ownership == nil: return [line]
        case (.blockStart, _):
            guard let (list, _) = Self.parse(line.text) else { return [line] }
            state = .inside(list, head: line, isHeadOut: false)
            return []
        case (.middle, _):
            guard let (list, value) = Self.parse(line.text), ownership?.shows(value, in: list) == false else {
                return [line]
            }
            return [ReplyLine(code: line.code, kind: .middle, text: Array(line.text.dropLast(value.count)))]
        default: return [line]
        }
    }

    private static func parse(_ text: [UInt8]) -> (OwnedList, value: [UInt8])? {
        guard let equals = text.firstIndex(of: .equals) else { return nil }
        return OwnedList(keyword: text[..<equals]).map { ($0, Array(text[(equals + 1)...])) }
    }
}

/// What GETINFO lists of things that belong to somebody. The first word of a line names the thing.
enum OwnedList: String, Sendable {
    case circuits = "circuit-status"
    case streams = "stream-status"
    case currentOnionServices = "onions/current"
    case detachedOnionServices = "onions/detached"

    /// Nil if the keyword lists nothing of the kind.
    init?(keyword: some Collection<UInt8>) {
        self.init(rawValue: String(decoding: keyword, as: UTF8.self))
    }
}
