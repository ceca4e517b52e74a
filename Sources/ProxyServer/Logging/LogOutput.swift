import Dispatch
import Glibc
import Synchronization

/// Writes lines to a descriptor, one write(2) each, from a thread of its own: whoever logs never waits for whoever reads.
/// What is not written in time is dropped, and a line says how much that was.
final class LogOutput: Sendable {
    private struct Backlog {
        var lines: [[UInt8]] = []
        var dropped = 0
        var isWriting = false
    }

    static let standardError = LogOutput(STDERR_FILENO)

    /// Lines that may wait.
    private static let limit = 4096

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "onion-grater.log")
    private let backlog = Mutex(Backlog())

    /// - Parameter descriptor: must stay open as long as the process lives.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Has a line written, its newline included. Lines of one thread keep their order.
    func write(_ line: [UInt8]) {
        let starts = backlog.withLock { backlog in
            guard backlog.lines.count < Self.limit else {
                backlog.dropped += 1
                return false
            }
            backlog.lines.append(line)
            defer { backlog.isWriting = true }
            return !backlog.isWriting
        }
        if starts { queue.async { self.writeBacklog() } }
    }

    /// Waits until all is written, but no longer than a second.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + .seconds(1))
    }

    private func writeBacklog() {
        while let (lines, dropped) = take() {
            for line in lines { writeNow(line) }
            if dropped > 0 {
                writeNow(
                    Array("onion-grater: warning: \(dropped) lines were not logged, for there were too many\n".utf8))
            }
        }
    }

    private func take() -> (lines: [[UInt8]], dropped: Int)? {
        backlog.withLock { backlog in
            guard !backlog.lines.isEmpty else {
                backlog.isWriting = false
                return nil
            }
            defer {
                backlog.lines = []
                backlog.dropped = 0
            }
            return (backlog.lines, backlog.dropped)
        }
    }

    /// A log that cannot be written is no reason to stop filtering: errors are ignored.
    private func writeNow(_ line: [UInt8]) {
        _ = line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
