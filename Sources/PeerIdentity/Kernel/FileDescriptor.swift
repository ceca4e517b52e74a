import Glibc

/// An open file descriptor with one owner, closed when the owner lets go of it.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number to hand to system calls. It must not be closed, nor outlive its owner.
    public let rawValue: Int32

    /// Takes over a descriptor that nobody else closes.
    public init(owning rawValue: Int32) {
        self.rawValue = rawValue
    }

    deinit {
        close(rawValue)
    }

    /// Gives the descriptor away: from now on the caller closes it.
    public consuming func release() -> Int32 {
        let rawValue = rawValue
        discard self
        return rawValue
    }
}
