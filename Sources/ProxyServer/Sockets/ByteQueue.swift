/// Bytes that wait for a socket to take them, in order.
struct ByteQueue {
    private var bytes: [UInt8] = []
    /// What of `bytes` is gone.
    private var head = 0

    var count: Int { bytes.count - head }
    var isEmpty: Bool { head == bytes.count }

    mutating func append(_ more: some Collection<UInt8>) {
        if head > bytes.count / 2 {
            bytes.removeFirst(head)
            head = 0
        }
        bytes += more
    }

    /// Drops the first `count` bytes, all at most; gives the storage back once nothing is left.
    mutating func removeFirst(_ count: Int) {
        head += min(count, self.count)
        if isEmpty { removeAll() }
    }

    mutating func removeAll() {
        bytes = []
        head = 0
    }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[head...])) }
    }
}
