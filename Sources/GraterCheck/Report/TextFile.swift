import Glibc
import PeerIdentity

/// Reads whole files that a person named on the command line.
enum TextFile {
    /// Longer files are refused, in bytes.
    static let maximumSize = 64 << 20

    struct Failure: Error, CustomStringConvertible {
        let file: String
        let reason: String

        var description: String { "\(file): \(reason)" }
    }

    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
        defer { close(descriptor) }
        return try readAll(descriptor, named: path)
    }

    static func readAll(_ descriptor: Int32, named name: String) throws(Failure) -> [UInt8] {
        var bytes = [UInt8]()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Failure(file: name, reason: ErrorNumber.text(errno)) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumSize else { throw Failure(file: name, reason: "larger than 64 MiB") }
        }
    }

    /// Puts `text` in the place of what is in the file, with its permissions kept. Whatever happens, the file has either
    /// its old content or the new one.
    static func replace(_ path: String, with text: String) throws(Failure) {
        guard let real = realpath(path, nil) else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
        defer { free(real) }
        let file = String(cString: real)
        var status = stat()
        guard stat(file, &status) == 0 else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
        var template = Array("\(file).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
        do throws(Failure) {
            defer { close(descriptor) }
            try write(text, to: descriptor, named: path)
            guard fchmod(descriptor, status.st_mode & 0o7777) == 0, fsync(descriptor) == 0 else {
                throw Failure(file: path, reason: ErrorNumber.text(errno))
            }
        } catch {
            unlink(template)
            throw error
        }
        guard rename(template, file) == 0 else {
            let failure = Failure(file: path, reason: ErrorNumber.text(errno))
            unlink(template)
            throw failure
        }
    }

    /// Makes the file, or replaces what is in it.
    static func write(_ text: String, to path: String) throws(Failure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
        defer { close(descriptor) }
        try write(text, to: descriptor, named: path)
    }

    private static func write(_ text: String, to descriptor: Int32, named path: String) throws(Failure) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
            rest = rest.dropFirst(count)
        }
    }
}
