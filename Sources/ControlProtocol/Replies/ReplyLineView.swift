/// A line of a reply or of an asynchronous event where it lies in memory: nearly all lines are only looked at and passed on, and
/// need no copy of their text.
///
/// Valid for as long as that memory is. Whoever keeps a line makes a `ReplyLine` of it.
public struct ReplyLineView {
    /// As in `ReplyLine`.
    public let code: Int
    /// As in `ReplyLine`.
    public let kind: ReplyLine.Kind
    /// As in `ReplyLine`.
    public let text: UnsafeBufferPointer<UInt8>
    /// The line with its end as it lies there, if that is how it goes over the wire; else nil.
    private let wire: UnsafeBufferPointer<UInt8>?

    init(code: Int, kind: ReplyLine.Kind, text: UnsafeBufferPointer<UInt8>, wire: UnsafeBufferPointer<UInt8>? = nil) {
        self.code = code
        self.kind = kind
        self.text = text
        self.wire = wire
    }

    /// 2xx.
    public var isSuccess: Bool { code / 100 == 2 }

    /// Appends the line as it goes over the wire.
    public func write(to output: inout [UInt8]) {
        if let wire { return output.append(contentsOf: wire) }
        switch kind {
        case .middle: output.append(status: code, UInt8(ascii: "-"))
        case .blockStart: output.append(status: code, UInt8(ascii: "+"))
        case .end: output.append(status: code, .space)
        case .data: if text.first == .dot { output.append(.dot) }
        case .blockEnd: output.append(.dot)
        }
        output.append(contentsOf: text)
        output.append(.carriageReturn)
        output.append(.lineFeed)
    }

    /// Appends the line as it goes over the wire if it has another text.
    public func write(with text: ArraySlice<UInt8>, to output: inout [UInt8]) {
        text.withUnsafeBufferPointer { ReplyLineView(code: code, kind: kind, text: $0).write(to: &output) }
    }
}

extension ReplyLine {
    /// A copy of `view`.
    public init(_ view: ReplyLineView) {
        self.init(code: view.code, kind: view.kind, text: Array(view.text))
    }

    /// Calls `body` with a view of the line, which is valid until it returns.
    public func withView<Result>(_ body: (ReplyLineView) throws -> Result) rethrows -> Result {
        try text.withUnsafeBufferPointer { try body(ReplyLineView(code: code, kind: kind, text: $0)) }
    }
}
