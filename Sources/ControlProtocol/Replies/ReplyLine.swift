/// One line of a reply or of an asynchronous event (control-spec, sections 2.3 and 2.4), without its end.
public struct ReplyLine: Sendable, Equatable {
    /// What place a line has in its reply, told by the divider behind the code.
    public enum Kind: Sendable, Equatable {
        /// `250-…`: more lines follow.
        case middle
        /// `250+…`: a data block follows.
        case blockStart
        /// `250 …`: the last line.
        case end
        /// A line of a data block, stuffed dot removed.
        case data
        /// The lone dot after a data block.
        case blockEnd
    }

    /// What a status code begins with: 0 to 999, three digits on the wire. A data line has its block's.
    public var code: Int
    /// Tells how the line is written.
    public var kind: Kind
    /// What follows the code and the divider; all of a data line. Holds no LF.
    public var text: [UInt8]

    public init(code: Int, kind: Kind, text: [UInt8]) {
        self.code = code
        self.kind = kind
        self.text = text
    }

    /// 2xx.
    public var isSuccess: Bool { code / 100 == 2 }

    /// Appends the line as it goes over the wire.
    public func write(to output: inout [UInt8]) {
        withView { $0.write(to: &output) }
    }
}

extension [UInt8] {
    /// Appends three digits and the divider.
    public mutating func append(status code: Int, _ divider: UInt8) {
        func digit(_ unit: Int) -> UInt8 { UInt8(ascii: "0") + UInt8(truncatingIfNeeded: code / unit % 10) }
        Swift.withUnsafeBytes(of: (digit(100), digit(10), digit(1), divider)) {
            $0.withMemoryRebound(to: UInt8.self) { append(contentsOf: $0) }
        }
    }
}
