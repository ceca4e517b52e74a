import Glibc

/// One run of a program, from execve(2) to the next: the memory of a process, by way of /proc/PID/pagemap
/// (proc_pid_pagemap(5)).
///
/// The file is bound to the memory that the process had when it was opened, and is empty once that has been given up.
struct ProgramImage: ~Copyable, Sendable {
    private let file: FileDescriptor

    /// Nil if the kernel does not let us look (PTRACE_MODE_READ, ptrace(2)), or was built without that file.
    init?(of process: ProcessDirectory) throws(SystemCallError) {
        do {
            file = try process.open("pagemap", O_RDONLY)
        } catch  where [EACCES, EPERM, ENOENT].contains(error.code) {
            return nil
        }
    }

    /// Whether the process neither has called execve(2) since, nor ended.
    func isInUse() -> Bool {
        var firstPage: UInt64 = 0
        return pread(file.rawValue, &firstPage, 8, 0) == 8
    }
}
