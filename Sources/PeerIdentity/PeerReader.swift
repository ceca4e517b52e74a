import Glibc

/// Receives what an identified peer sends, and makes sure that it was the peer who sent it.
///
/// Use it in place of recv(2) for everything that comes from the client, from the first byte on.
public struct PeerReader: Sendable {
    /// What one attempt to receive came to.
    public enum Reception: Equatable, Sendable {
        /// So many bytes were put into the buffer, all the peer's.
        case bytes(Int)
        /// Nothing is there now.
        case wouldBlock
        /// The client will send no more.
        case end
        /// The connection broke: errno(3).
        case failed(Int32)
        /// Bytes came that the peer cannot be held to have sent. None of them may be used; the session must end.
        case refused(IdentityError)
    }

    /// Receives without waiting.
    public mutating func receive(from descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Reception {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 { return .bytes(count) }
        if count == 0 { return .end }
        return errno == EAGAIN || errno == EINTR ? .wouldBlock : .failed(errno)
    }
}
