import Glibc
import PeerIdentity
import Synchronization

/// Reads whole files that a person named on the command line. `-` is standard input, and a pipe will do.
package enum TextFile {
    /// Longer files are refused, in bytes.
    package static let maximumSize = 64 << 20

    /// What standard input is called, on the command line and in diagnostics.
    package static let standardInput = "-"

    package struct Failure: Error, CustomStringConvertible {
        let file: String
        let reason: String

        package var description: String { "\(file): \(reason)" }
    }

    /// The contents of files that can be read only once, by name, so that later quotes show the same text.
    private static let kept = Mutex<[String: [UInt8]]>([:])

    package static func read(_ path: String) throws(Failure) -> [UInt8] {
        if let bytes = kept.withLock({ $0[path] }) { return bytes }
        if path == standardInput {
            let bytes = try readAll(STDIN_FILENO, named: path)
            kept.withLock { $0[path] = bytes }
            return bytes
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
        defer { close(descriptor) }
        let bytes = try readAll(descriptor, named: path)
        if kind(of: path) == .stream { kept.withLock { $0[path] = bytes } }
        return bytes
    }

    /// What is at a path, its links followed.
    package enum Kind {
        case absent, file, folder
        /// A pipe or a terminal, which can be read once.
        case stream
        /// /dev/null: it masks a profile.
        case null
    }

    package static func kind(of path: String) -> Kind {
        if path == standardInput { return .stream }
        var status = stat()
        guard stat(path, &status) == 0 else { return .absent }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        case S_IFCHR where status.st_rdev == nullDevice: return .null
        default: return .stream
        }
    }

    /// Character device 1:3, see null(4).
    private static let nullDevice = dev_t(1 << 8 | 3)

    private static func readAll(_ descriptor: Int32, named name: String) throws(Failure) -> [UInt8] {
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
    package static func replace(_ path: String, with text: String) throws(Failure) {
        guard let real = realpath(path, nil) else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
        defer { free(real) }
        let file = String(cString: real)
        var status = stat()
        guard stat(file, &status) == 0 else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(file: path, reason: "is not a regular file") }
        try put(text, at: file, mode: status.st_mode & 0o7777, named: path)
    }

    /// Makes the file, or replaces one that was written by the same subcommand before, which its first words tell: never
    /// anything else. Whatever happens, a file has either its old content or the new one.
    package static func write(_ text: String, to path: String, over beginning: String) throws(Failure) {
        switch kind(of: path) {
        case .absent: try put(text, at: path, mode: 0o600, named: path)
        case .file:
            let old = try read(path)
            guard old.isEmpty || old.starts(with: beginning.utf8) else {
                throw Failure(
                    file: path,
                    reason: "is there already and is something else (it does not begin with '\(beginning)'): "
                        + "choose another name, or remove it first")
            }
            try replace(path, with: text)
        case .folder: throw Failure(file: path, reason: "is a folder")
        case .stream, .null:
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
            defer { close(descriptor) }
            try write(text, to: descriptor, named: path)
        }
    }

    /// Writes a file beside it, which then takes its name.
    private static func put(_ text: String, at file: String, mode: mode_t, named path: String) throws(Failure) {
        var template = Array("\(file).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw Failure(file: path, reason: ErrorNumber.text(errno)) }
        do throws(Failure) {
            defer { close(descriptor) }
            try write(text, to: descriptor, named: path)
            guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
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
