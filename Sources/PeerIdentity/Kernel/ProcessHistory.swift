import Glibc

/// What the kernel remembers of a process's past (/proc/PID/stat, proc_pid_stat(5)).
struct ProcessHistory: Equatable, Sendable {
    /// Whether it was forked and has never called execve(2) since, so that it has been the same program all its life.
    let hasNeverExecuted: Bool
    /// Where execve(2) put the program and its stack: somewhere else each time, unless randomization is turned off
    /// (kernel.randomize_va_space), and nowhere for a reader that may not look into the process.
    let places: Places

    struct Places: Equatable, Sendable {
        var codeStart: UInt64 = 0
        var codeEnd: UInt64 = 0
        var stackStart: UInt64 = 0
    }

    init(of process: ProcessDirectory) throws(SystemCallError) {
        guard let history = ProcessHistory(text: try process.read("stat")) else {
            throw SystemCallError("/proc/\(process.pid)/stat", code: EPROTO)
        }
        self = history
    }

    /// The content of /proc/PID/stat. Nil if the 9th field, the kernel's flags, or the 26th to 28th, the places, are not
    /// there. Makes no copies, for this is asked with every chunk that a client sends.
    init?<Text: RandomAccessCollection<UInt8>>(text: Text) where Text.Index == Int {
        // The second field is the program's name in parentheses, which may hold parentheses and spaces itself.
        guard let end = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        var places = Places()
        var flags: UInt64?
        var field = 2
        var number: UInt64? = 0
        for byte in text[(end + 1)...] {
            guard byte == UInt8(ascii: " ") else {
                let isDigit = byte &- UInt8(ascii: "0") < 10
                number = isDigit ? number.map { $0 &* 10 &+ UInt64(byte - UInt8(ascii: "0")) } : nil
                continue
            }
            switch field {
            case 9: flags = number
            case 26: places.codeStart = number ?? 0
            case 27: places.codeEnd = number ?? 0
            case 28: places.stackStart = number ?? 0
            default: break
            }
            field += 1
            if field > 28 { break }
            number = 0
        }
        guard field > 28, let flags else { return nil }
        hasNeverExecuted = UInt32(truncatingIfNeeded: flags) & Self.forkedWithoutExec != 0
        self.places = places
    }

    /// PF_FORKNOEXEC.
    private static let forkedWithoutExec: UInt32 = 0x40
}
