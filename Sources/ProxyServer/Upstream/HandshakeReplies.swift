import ControlProtocol

/// Puts together the short replies that the handshake with tor consists of. Holds at most `lineLimit` x `lineBound` bytes,
/// and no data blocks, which PROTOCOLINFO, AUTHCHALLENGE and AUTHENTICATE never have in their replies.
struct HandshakeReplies {
    /// Lines of one reply.
    static let lineLimit = 32
    /// Bytes of one line.
    static let lineBound = 4096

    private var parser = ReplyParser(lineLimit: lineBound)
    private var lines: [ReplyLine] = []

    /// The reply that `bytes` complete, its last line last; nil while there is more to come. Asked one thing at a time, tor
    /// has no more to say than one reply: whatever follows it is an error.
    mutating func receive(_ bytes: UnsafeBufferPointer<UInt8>) throws(HandshakeFailure) -> [ReplyLine]? {
        var offset = 0
        while let item = parser.next(bytes, at: &offset) {
            guard case .reply(let line) = item, line.kind == .middle || line.kind == .end else {
                throw .notTor("it says what is no reply")
            }
            lines.append(line)
            guard lines.count <= Self.lineLimit else { throw .notTor("its reply has too many lines") }
            if line.kind == .end {
                guard offset == bytes.count else { throw .notTor("it says more than it was asked") }
                defer { lines = [] }
                return lines
            }
        }
        return nil
    }
}
