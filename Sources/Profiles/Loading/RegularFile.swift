import Glibc

/// Reads small files in folders where anything might lie about: directories, fifos, devices, links to nowhere.
enum RegularFile {
    enum Content {
        case bytes([UInt8])
        /// It is /dev/null, by a link or otherwise.
        case null
        /// Why there is nothing to read, as a sentence about the file.
        case failure(String)
    }

    static func read(_ path: String, limit: Int) -> Content {
        // O_NONBLOCK: a fifo would else be waited for until someone writes to it.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            let reason = errno
            return .failure("cannot be opened: \(SystemError.text(reason))" + (isLink(path) ? " (it is a link)" : ""))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .failure("cannot be read: \(SystemError.text(errno))") }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFCHR where status.st_rdev == nullDevice: return .null
        case S_IFDIR: return .failure("is a directory, not a file")
        default: return .failure("is not a regular file")
        }
        guard status.st_size <= limit else { return .failure("is larger than \(limit) bytes") }
        // One byte more than was promised, so that a file that grows meanwhile is noticed.
        var bytes = [UInt8](repeating: 0, count: Int(max(status.st_size, 0)) + 1)
        var count = 0
        while count < bytes.count {
            let received = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if received < 0, errno == EINTR { continue }
            guard received >= 0 else { return .failure("cannot be read: \(SystemError.text(errno))") }
            if received == 0 { return .bytes(Array(bytes[..<count])) }
            count += received
        }
        return .failure("was changed while it was read")
    }

    /// Whether it is /dev/null, by a link or otherwise.
    static func isNull(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR && status.st_rdev == nullDevice
    }

    /// What tells a file from all others, whatever it is called.
    struct Identity: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    /// Nil for what is no regular file.
    static func identity(_ path: String) -> Identity? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Identity(device: status.st_dev, inode: status.st_ino)
    }

    /// Whether a file was put in its place, or changed, after another one; by the time of the last change of the inode, for
    /// packages bring files with the times of their making.
    static func isNewer(_ path: String, than other: String) -> Bool {
        var (file, otherFile) = (stat(), stat())
        guard stat(path, &file) == 0, stat(other, &otherFile) == 0 else { return false }
        return (file.st_ctim.tv_sec, file.st_ctim.tv_nsec) > (otherFile.st_ctim.tv_sec, otherFile.st_ctim.tv_nsec)
    }

    /// Character device 1:3, see null(4).
    private static let nullDevice = dev_t(1 << 8 | 3)

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }
}
