import Glibc
import PeerIdentity

/// Small text files of the system.
enum SystemFile {
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0
    }

    /// Nil if it is not there. Throws if it is there and cannot be read.
    static func text(_ path: String) throws(SetupFailure) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(path, "cannot be read")
        }
        let file = FileDescriptor(owning: descriptor)
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        var count = 0
        while count < bytes.count {
            let received = bytes.withUnsafeMutableBytes { buffer in
                read(file.rawValue, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if received < 0, errno == EINTR { continue }
            guard received >= 0 else { throw failure(path, "cannot be read") }
            if received == 0 { return String(decoding: bytes[..<count], as: UTF8.self) }
            count += received
        }
        throw SetupFailure("\(path) is longer than \(bytes.count) bytes")
    }

    /// Puts a file there that all may read, as a whole or not at all. Folders that are not there are made.
    static func write(_ text: String, to path: String) throws(SetupFailure) {
        try makeFolder(of: path)
        var template = Array("\(path).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure(path, "cannot be written") }
        let file = FileDescriptor(owning: descriptor)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file.rawValue, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        guard rest.isEmpty, fchmod(file.rawValue, 0o644) == 0, fsync(file.rawValue) == 0, rename(template, path) == 0
        else {
            let failure = failure(path, "cannot be written")
            unlink(template)
            throw failure
        }
    }

    /// Removes a file, and its folder if that is empty then and is called `*.d`.
    static func remove(_ path: String) throws(SetupFailure) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure(path, "cannot be removed") }
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        if folder.hasSuffix(".d") { rmdir(folder) }
    }

    private static func makeFolder(of path: String) throws(SetupFailure) {
        let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard !folder.isEmpty, !exists(folder) else { return }
        try makeFolder(of: folder)
        guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw failure(folder, "cannot be made") }
        // Regardless of the caller's umask.
        chmod(folder, 0o755)
    }

    private static func failure(_ path: String, _ what: String) -> SetupFailure {
        SetupFailure("\(path) \(what): \(ErrorNumber.text(errno))")
    }
}
