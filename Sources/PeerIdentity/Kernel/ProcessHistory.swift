import Glibc

/// What the kernel remembers of a process's past (/proc/PID/stat, proc_pid_stat(5)).
struct ProcessHistory: Equatable, Sendable {
    /// Whether it was forked and has never called execve(2) since, so that it has been the same program all its life.
    let hasNeverExecuted: Bool
    /// Where execve(2) put the program and its stack: somewhere else each time, unless randomization is turned off
    /// (kernel.randomize_va_space), and nowhere for who may not look into the process. Three numbers in text.
    let places: [UInt8]

    init(of process: ProcessDirectory) throws(SystemCallError) {
        guard let history = ProcessHistory(text: try process.read("stat")) else {
            throw SystemCallError("/proc/\(process.pid)/stat", code: EPROTO)
        }
        self = history
    }

    /// The content of /proc/PID/stat. Nil if the 9th field, the kernel's flags, or the 26th to 28th, the places, are not there.
    init?(text: [UInt8]) {
        // The second field is the program's name in parentheses, which may hold parentheses and spaces itself.
        guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 26)
        guard fields.count > 25, let flags = UInt32(String(decoding: fields[6], as: UTF8.self)) else { return nil }
        hasNeverExecuted = flags & Self.forkedWithoutExec != 0
        places = Array(fields[23...25].joined(separator: [UInt8(ascii: " ")]))
    }

    /// PF_FORKNOEXEC.
    private static let forkedWithoutExec: UInt32 = 0x40
}
