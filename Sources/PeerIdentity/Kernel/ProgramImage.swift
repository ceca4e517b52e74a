import Glibc

/// One run of a program, from execve(2) to the next: the memory of a process, by way of /proc/PID/pagemap
/// (proc_pid_pagemap(5)).
///
/// The file is bound to the memory that the process had when it was opened, and is empty once nobody has that any longer. That is
/// when the process has called execve(2), unless it shared its memory with another one that goes on (CLONE_VM, clone(2)); but the
/// kernel puts the memory of each run to other places.
struct ProgramImage: ~Copyable, Sendable {
    private let memory: FileDescriptor
    private let statistics: FileDescriptor
    private let history: ProcessHistory

    /// Nil if the kernel does not let us look (PTRACE_MODE_READ, ptrace(2)), or was built without that file.
    static func current(of process: ProcessDirectory) throws(SystemCallError) -> ProgramImage? {
        do {
            return try ProgramImage(
                memory: try process.open("pagemap", O_RDONLY),
                // Of the first thread, which execve(2) makes of any: what is told of all takes longer the more there are.
                statistics: try process.open("task/\(process.pid)/stat", O_RDONLY))
        } catch  where [EACCES, EPERM, ENOENT].contains(error.code) {
            return nil
        }
    }

    private init(memory: consuming FileDescriptor, statistics: consuming FileDescriptor) throws(SystemCallError) {
        history = try Self.read(statistics)
        self.memory = memory
        self.statistics = statistics
    }

    /// Whether the process neither has called execve(2) since, nor ended.
    func isInUse() -> Bool {
        // A size that the file does not take is refused only while there is memory. To read what is there would have to wait for
        // a program that is about to change it, and that can take its time.
        var byte: UInt8 = 0
        guard pread(memory.rawValue, &byte, 1, 0) < 0, errno == EINVAL, let now = try? Self.read(statistics) else {
            return false
        }
        return now == history
    }

    private static func read(_ statistics: borrowing FileDescriptor) throws(SystemCallError) -> ProcessHistory {
        // One read gets all of it, or the kernel would write it twice. What is cut short lacks the fields that count.
        let number = statistics.rawValue
        let history = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2048) { buffer -> ProcessHistory?? in
            let count = pread(number, buffer.baseAddress, buffer.count, 0)
            return count < 0 ? .none : .some(ProcessHistory(text: buffer[..<count]))
        }
        guard let history else { throw SystemCallError("/proc/PID/stat") }
        guard let history else { throw SystemCallError("/proc/PID/stat", code: EPROTO) }
        return history
    }
}
