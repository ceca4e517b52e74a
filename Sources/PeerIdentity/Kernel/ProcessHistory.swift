import Glibc

/// What the kernel remembers of a process's past (/proc/PID/stat, proc_pid_stat(5)).
struct ProcessHistory: Equatable, Sendable {
    /// Whether it was forked and has never called execve(2) since, so that it has been the same program all its life.
    let hasNeverExecuted: Bool

    init(of process: ProcessDirectory) throws(SystemCallError) {
        guard let history = ProcessHistory(text: try process.read("stat")) else {
            throw SystemCallError("/proc/\(process.pid)/stat", code: EPROTO)
        }
        self = history
    }

    /// The content of /proc/PID/stat. Nil if the ninth field, the kernel's flags, is not there.
    init?(text: [UInt8]) {
        // The second field is the program's name in parentheses, which may hold parentheses and spaces itself.
        guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 6, let flags = UInt32(String(decoding: fields[6], as: UTF8.self)) else { return nil }
        hasNeverExecuted = flags & Self.forkedWithoutExec != 0
    }

    /// PF_FORKNOEXEC.
    private static let forkedWithoutExec: UInt32 = 0x40
}
