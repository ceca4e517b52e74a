import ControlProtocol

/// Cuts the lists of circuits and streams in a reply to GETINFO down to the client's own.
///
/// Tor writes a list of one in its line, and a longer one as a data block; an empty list has to be in a line too, so the
/// head of a block waits until something of it is left.
struct StatusReplyFilter: Sendable {
    private enum State {
        case outside
        /// In the block of a list.
        case inside(StatusKey, head: ReplyLine, isHeadOut: Bool)
    }

    private var state = State.outside

    /// The lines that take the place of `line`.
    mutating func filter(_ line: ReplyLine, by own: OwnStreams) -> [ReplyLine] {
        switch (line.kind, state) {
        case (.data, .inside(let key, let head, let isHeadOut)):
            guard own.shows(key, line: line.text) else { return [] }
            state = .inside(key, head: head, isHeadOut: true)
            return isHeadOut ? [line] : [head, line]
        case (.blockEnd, .inside(_, let head, let isHeadOut)):
            state = .outside
            return isHeadOut ? [line] : [ReplyLine(code: head.code, kind: .middle, text: head.text)]
        case (.blockStart, _):
            guard let (key, _) = Self.parse(line.text) else { return [line] }
            state = .inside(key, head: line, isHeadOut: false)
            return []
        case (.middle, _):
            guard let (key, value) = Self.parse(line.text), !own.shows(key, line: value) else { return [line] }
            return [ReplyLine(code: line.code, kind: .middle, text: Array(line.text.dropLast(value.count)))]
        default: return [line]
        }
    }

    private static func parse(_ text: [UInt8]) -> (StatusKey, value: [UInt8])? {
        guard let equals = text.firstIndex(of: .equals), let key = StatusKey(text[..<equals]) else { return nil }
        return (key, Array(text[(equals + 1)...]))
    }
}
