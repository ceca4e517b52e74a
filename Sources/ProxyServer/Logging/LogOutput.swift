import Dispatch
import Glibc
import Synchronization

/// Writes encoded log records, one by one and from a thread of its own: logging never waits for a reader. What is
/// not written in time is dropped, and a record says how much that was.
final class LogOutput: Sendable {
    private struct Backlog {
        var records: [[UInt8]] = []
        var dropped = 0
        var isWriting = false
        var droppedTotal = 0
    }

    /// Records that may wait.
    private static let limit = 4096

    private let lossNotice: @Sendable (Int) -> [UInt8]
    private let writeNow: @Sendable ([UInt8]) -> Void
    private let queue = DispatchQueue(label: "onion-grater.log")
    private let backlog = Mutex(Backlog())

    /// - Parameters:
    ///   - lossNotice: a record that says that so many were dropped.
    ///   - writeNow: writes a record, and may wait.
    init(lossNotice: @escaping @Sendable (Int) -> [UInt8], writeNow: @escaping @Sendable ([UInt8]) -> Void) {
        self.lossNotice = lossNotice
        self.writeNow = writeNow
    }

    /// One write(2) for each record. A log that cannot be written is no reason to stop filtering: errors are ignored.
    static func standardError(lossNotice: @escaping @Sendable (Int) -> [UInt8]) -> LogOutput {
        LogOutput(lossNotice: lossNotice) { record in
            _ = record.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }
    }

    /// Has a record written. Records of one thread keep their order.
    func write(_ record: [UInt8]) {
        let starts = backlog.withLock { backlog in
            guard backlog.records.count < Self.limit else {
                backlog.dropped += 1
                backlog.droppedTotal += 1
                return false
            }
            backlog.records.append(record)
            defer { backlog.isWriting = true }
            return !backlog.isWriting
        }
        if starts { queue.async { self.writeBacklog() } }
    }

    /// How many records were ever dropped.
    var lostCount: Int { backlog.withLock { $0.droppedTotal } }

    /// Waits until all is written, but no longer than a second.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + .seconds(1))
    }

    private func writeBacklog() {
        while let (records, dropped) = take() {
            for record in records { writeNow(record) }
            if dropped > 0 { writeNow(lossNotice(dropped)) }
        }
    }

    private func take() -> (records: [[UInt8]], dropped: Int)? {
        backlog.withLock { backlog in
            guard !backlog.records.isEmpty else {
                backlog.isWriting = false
                return nil
            }
            defer {
                backlog.records = []
                backlog.dropped = 0
            }
            return (backlog.records, backlog.dropped)
        }
    }
}
