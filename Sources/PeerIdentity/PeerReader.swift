import CLinux
import Glibc

/// Receives what an identified peer sends, and makes sure that it was the peer who sent it.
///
/// Use it in place of recv(2) for everything that comes from the client, from the first byte on.
public struct PeerReader: Sendable {
    /// What one attempt to receive came to.
    public enum Reception: Equatable, Sendable {
        /// So many bytes were put into the buffer. Of the first `doubtful` ones nobody can tell whether the peer sent them, or
        /// another application before the peer got the connection: no more than a greeting may come of these.
        case bytes(Int, doubtful: Int)
        /// Nothing is there now.
        case wouldBlock
        /// The client will send no more.
        case end
        /// The connection broke: errno(3).
        case failed(Int32)
        /// Bytes came that the peer cannot be held to have sent. None of them may be used; the session must end.
        case refused(IdentityError)
    }

    private var verifier: SenderVerifier?
    /// How many of the bytes to come may be another's.
    private var unproven: Int

    init(verifier: SenderVerifier? = nil, unproven: Int = 0) {
        self.verifier = verifier
        self.unproven = unproven
    }

    /// Call this before receiving again after a time in which nothing was received, whatever came. The bytes of a process that
    /// could have come by the number of another one meanwhile are then doubtful.
    public mutating func recordDelay() {
        verifier?.isLate = true
    }

    /// Receives without waiting.
    public mutating func receive(from descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Reception {
        let count: Int
        if verifier == nil {
            count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
        } else {
            var sender = clinux_credentials()
            count = clinux_receive(descriptor, buffer.baseAddress, buffer.count, &sender)
            if count > 0, let refusal = judge(PeerCredentials(sender), count, descriptor) { return .refused(refusal) }
        }
        if count == 0 { return .end }
        if count < 0 {
            guard errno == EAGAIN || errno == EINTR else { return .failed(errno) }
            if errno == EAGAIN { verifier?.isLate = false }
            return .wouldBlock
        }

        let doubtful = min(unproven, count)
        unproven -= doubtful
        return .bytes(count, doubtful: doubtful)
    }

    /// Notes how far the chunk that was just received is proven; why it is refused, if it is.
    private mutating func judge(_ sender: PeerCredentials, _ count: Int, _ descriptor: Int32) -> IdentityError? {
        let judgement = verifier?.judge(sender) { Int(max(clinux_queued_bytes(descriptor), 0)) }
        switch judgement {
        case .proven, nil: return nil
        case .refused(let error): return error
        case .unproven(let behind):
            unproven = max(unproven, count + behind)
            return nil
        }
    }
}
