import Glibc
import Synchronization

/// How many processes and threads the system has started, by which one can tell that no number of a process has been used twice.
struct ForkCount: Equatable, Sendable {
    private let count: UInt64

    /// The count of now (`processes` in /proc/stat, proc_stat(5)).
    init() throws(SystemCallError) {
        guard let count = Self.number(after: "processes ", in: try Self.read("/proc/stat")) else {
            throw SystemCallError("/proc/stat", code: EPROTO)
        }
        self.count = count
    }

    /// A count of now, or of a moment ago: it takes as long to get as much of what identifies a client. To whom it says that a number
    /// cannot have been used again since, the same is true of now.
    static func recent() throws(SystemCallError) -> ForkCount {
        let now = ContinuousClock.now
        if let last = last.withLock({ $0 }), last.time + .milliseconds(100) > now { return last.count }
        let count = try ForkCount()
        last.withLock { $0 = (count, now) }
        return count
    }

    private static let last = Mutex<(count: ForkCount, time: ContinuousClock.Instant)?>(nil)

    /// Whether a number that was a process's at `earlier` or later can have passed to another by now.
    ///
    /// The kernel hands numbers out in turn, up to kernel.pid_max: until most of them were handed out, none comes again.
    func allowsReuse(since earlier: ForkCount) -> Bool {
        guard let limit = try? Self.number(after: "", in: Self.read("/proc/sys/kernel/pid_max")) else { return true }
        return count &- earlier.count >= limit / 4
    }

    private static func read(_ path: String) throws(SystemCallError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCallError(path) }
        return try BoundedRead.all(of: FileDescriptor(owning: descriptor), limit: 4 << 20, as: path)
    }

    private static func number(after key: String, in text: [UInt8]) -> UInt64? {
        text.split(separator: UInt8(ascii: "\n"))
            .first { $0.starts(with: key.utf8) }
            .flatMap { UInt64(String(decoding: $0.dropFirst(key.utf8.count), as: UTF8.self)) }
    }
}
