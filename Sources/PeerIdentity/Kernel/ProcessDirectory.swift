import Glibc

/// A process's directory in /proc, held open.
///
/// Whatever is read through it is about the process that had the number when it was opened: once that has ended, reads fail
/// with ESRCH, even if the number has passed to another.
final class ProcessDirectory: Sendable {
    let pid: pid_t
    private let directory: FileDescriptor

    init(pid: pid_t) throws(SystemCallError) {
        let path = "/proc/\(pid)"
        let descriptor = Glibc.open(path, __O_PATH | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCallError(path, code: errno == ENOENT ? ESRCH : errno) }
        self.pid = pid
        self.directory = FileDescriptor(owning: descriptor)
    }

    /// Opens what is below the directory; O_CLOEXEC is implied.
    func open(_ name: String, _ flags: Int32) throws(SystemCallError) -> FileDescriptor {
        let descriptor = openat(directory.rawValue, name, flags | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCallError(path(of: name)) }
        return FileDescriptor(owning: descriptor)
    }

    /// The content of a small file.
    ///
    /// - Throws: EFBIG beyond `limit` bytes, ESRCH if the process has ended.
    func read(_ name: String, limit: Int = 64 << 10) throws(SystemCallError) -> [UInt8] {
        let file = try open(name, O_RDONLY)
        return try BoundedRead.all(of: file, limit: limit, as: path(of: name))
    }

    /// Where a link points.
    func link(_ name: String) throws(SystemCallError) -> [UInt8] {
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = target.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return 0 }
            return readlinkat(directory.rawValue, name, start.assumingMemoryBound(to: CChar.self), buffer.count)
        }
        guard count >= 0 else { throw SystemCallError(path(of: name)) }
        guard count < target.count else { throw SystemCallError(path(of: name), code: ENAMETOOLONG) }
        return Array(target[..<count])
    }

    /// What is told about a file below the directory, links followed.
    func status(_ name: String) throws(SystemCallError) -> stat {
        var status = stat()
        guard fstatat(directory.rawValue, name, &status, 0) == 0 else { throw SystemCallError(path(of: name)) }
        return status
    }

    private func path(of name: String) -> String { "/proc/\(pid)/\(name)" }
}
