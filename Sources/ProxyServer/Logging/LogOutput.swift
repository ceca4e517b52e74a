import Dispatch
import Glibc
import Synchronization

/// Writes encoded log records, one by one and from a thread of its own: logging never waits for a reader. What is
/// not written, in time or at all, is counted, and the next record that is written is followed by one that says how much that was.
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
    private let writeNow: @Sendable ([UInt8]) -> Bool
    private let queue = DispatchQueue(label: "onion-grater.log")
    private let backlog = Mutex(Backlog())

    /// - Parameters:
    ///   - lossNotice: a record that says that so many were dropped.
    ///   - writeNow: writes a record, and may wait; false if it cannot be written.
    init(lossNotice: @escaping @Sendable (Int) -> [UInt8], writeNow: @escaping @Sendable ([UInt8]) -> Bool) {
        self.lossNotice = lossNotice
        self.writeNow = writeNow
    }

    /// A log that cannot be written is no reason to stop filtering: what is lost is counted.
    static func standardError(lossNotice: @escaping @Sendable (Int) -> [UInt8]) -> LogOutput {
        LogOutput(lossNotice: lossNotice) { Self.write($0, to: STDERR_FILENO) }
    }

    /// Writes all of a record, in one write(2) if that takes it; waits where the descriptor is nonblocking. False if it cannot be
    /// written.
    static func write(_ record: [UInt8], to descriptor: Int32) -> Bool {
        var rest = record[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var writable = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&writable, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
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
            let failed = records.count { !writeNow($0) }
            let isReported = dropped == 0 || failed < records.count && writeNow(lossNotice(dropped))
            backlog.withLock { backlog in
                backlog.dropped += failed + (isReported ? 0 : dropped)
                backlog.droppedTotal += failed
            }
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
