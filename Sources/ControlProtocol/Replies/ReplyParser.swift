/// Cuts what tor sends into lines of replies and of asynchronous events (code 650), and says where each message ends.
///
/// Lines come out one by one, so that a reply of any size costs one line of memory. Splitting the input at any other
/// place changes nothing.
public struct ReplyParser: Sendable {
    /// What the parser found.
    public enum Item: Sendable, Equatable {
        /// A line of the reply that tor is giving.
        case reply(ReplyLine)
        /// A line of an asynchronous event.
        case event(ReplyLine)
        /// What is neither, or over the bound. Nothing follows.
        case violation(Violation)
    }

    /// What no tor sends.
    public enum Violation: Sendable, Equatable {
        /// A line without three digits and a divider at its beginning.
        case notAReplyLine
        /// A line longer than the bound.
        case lineTooLong
    }

    private enum State {
        case lines
        case block(code: Int)
        case failed
    }

    /// Bytes of a line, its end included.
    private let lineLimit: Int
    private var state = State.lines
    private var partial: [UInt8] = []

    /// - Parameter lineLimit: how long a line may be, in bytes, its end included.
    public init(lineLimit: Int = 64 << 20) {
        self.lineLimit = lineLimit
    }

    /// The next item in `bytes` from `offset` on, which moves past it; nil once all is used up.
    public mutating func next(_ bytes: UnsafeBufferPointer<UInt8>, at offset: inout Int) -> Item? {
        guard offset < bytes.count else { return nil }
        if case .failed = state {
            offset = bytes.count
            return nil
        }
        if let view = nextView(bytes, at: &offset) { return item(view) }
        let rest = UnsafeBufferPointer(rebasing: bytes[offset...])
        guard let end = rest.firstLineFeed else {
            offset = bytes.count
            guard partial.count + rest.count < lineLimit else { return fail(.lineTooLong) }
            partial += rest
            return nil
        }
        offset += end + 1
        guard partial.count + end < lineLimit else { return fail(.lineTooLong) }
        var line = [UInt8]()
        swap(&line, &partial)
        line += rest[...end]
        return line.withUnsafeBufferPointer { line in
            guard let view = parse(line) else { return fail(.notAReplyLine) }
            return item(view)
        }
    }

    /// The next line if `bytes` hold all of it from `offset` on, which moves past it, without a copy of its text; nil if they do
    /// not, or if it is no line of a reply: then `next` tells what there is.
    public mutating func nextView(_ bytes: UnsafeBufferPointer<UInt8>, at offset: inout Int) -> ReplyLineView? {
        guard partial.isEmpty, offset < bytes.count else { return nil }
        let rest = UnsafeBufferPointer(rebasing: bytes[offset...])
        guard let end = rest.firstLineFeed, end < lineLimit,
            let view = parse(UnsafeBufferPointer(rebasing: rest[...end]))
        else { return nil }
        offset += end + 1
        return view
    }

    /// The longest run of whole data lines of a reply, from `offset` on, which moves past it, that `ReplyLineView.write` would write
    /// as they are; nil where there is none, and then nothing has changed.
    public func verbatimData(
        _ bytes: UnsafeBufferPointer<UInt8>, at offset: inout Int
    ) -> UnsafeBufferPointer<UInt8>? {
        guard case .block(let code) = state, code != 650, partial.isEmpty else { return nil }
        var end = offset
        while end < bytes.count, bytes[end] != .dot {
            let rest = UnsafeBufferPointer(rebasing: bytes[end...])
            guard let lineFeed = rest.firstLineFeed, lineFeed > 0, lineFeed < lineLimit,
                rest[lineFeed - 1] == .carriageReturn
            else { break }
            end += lineFeed + 1
        }
        guard end > offset else { return nil }
        defer { offset = end }
        return UnsafeBufferPointer(rebasing: bytes[offset..<end])
    }

    private mutating func fail(_ violation: Violation) -> Item {
        state = .failed
        partial = []
        return .violation(violation)
    }

    /// What one line is, its LF included; nil if it is no line of a reply, and then nothing has changed.
    private mutating func parse(_ wire: UnsafeBufferPointer<UInt8>) -> ReplyLineView? {
        let hasLineEnd = wire.count > 1 && wire[wire.count - 2] == .carriageReturn
        let line = UnsafeBufferPointer(rebasing: wire.dropLast(hasLineEnd ? 2 : 1))
        switch state {
        case .failed: return nil
        case .block(let code):
            if line.count == 1 && line[0] == .dot {
                state = .lines
                return ReplyLineView(code: code, kind: .blockEnd, text: UnsafeBufferPointer(rebasing: line[..<0]))
            }
            let text = line.first == .dot ? UnsafeBufferPointer(rebasing: line.dropFirst()) : line
            return ReplyLineView(code: code, kind: .data, text: text)
        case .lines:
            guard line.count >= 4, let code = line.statusCode, let kind = ReplyLine.Kind(divider: line[3]) else {
                return nil
            }
            if kind == .blockStart { state = .block(code: code) }
            return ReplyLineView(
                code: code, kind: kind, text: UnsafeBufferPointer(rebasing: line[4...]), wire: hasLineEnd ? wire : nil)
        }
    }

    private func item(_ view: ReplyLineView) -> Item {
        view.code == 650 ? .event(ReplyLine(view)) : .reply(ReplyLine(view))
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The number that the first three digits write.
    fileprivate var statusCode: Int? {
        var code = 0
        for byte in prefix(3) {
            guard byte.isASCIIDigit else { return nil }
            code = code * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return code
    }
}

extension ReplyLine.Kind {
    init?(divider: UInt8) {
        switch divider {
        case UInt8(ascii: "-"): self = .middle
        case UInt8(ascii: "+"): self = .blockStart
        case .space: self = .end
        default: return nil
        }
    }
}

extension ReplyParser.Violation: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notAReplyLine: "a line that is no reply"
        case .lineTooLong: "a line over the bound"
        }
    }
}
