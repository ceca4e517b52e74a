import Glibc

/// The program that a process runs (/proc/PID/exe), and how far its path can be believed.
public enum Executable: Hashable, Sendable {
    /// The file at this path, as the daemon sees the file system, is the very file that runs.
    case file(path: String)
    /// It was at this path and is no longer: deleted, or replaced by an upgrade.
    case deleted(path: String)
    /// The path means another file, or none, here: the process sees other mounts, which it may have made itself.
    case elsewhere(path: String)
    /// The kernel does not let us look, or the path holds bytes that no profile can name.
    case hidden

    /// The path that identifies an unconfined process.
    public var path: String? {
        if case .file(let path) = self { path } else { nil }
    }
}

extension Executable {
    private static let deletedSuffix = " (deleted)"

    /// - Throws: ESRCH or ENOENT if the process has ended.
    init(of process: ProcessDirectory) throws(SystemCallError) {
        let target: [UInt8]
        let running: stat
        do {
            target = try process.link("exe")
            running = try process.status("exe")
        } catch  where error.code == EACCES || error.code == EPERM {
            self = .hidden
            return
        }
        guard let path = KernelText.string(target), path.hasPrefix("/") else {
            self = .hidden
            return
        }
        var found = stat()
        if stat(path, &found) == 0, found.st_dev == running.st_dev, found.st_ino == running.st_ino {
            self = .file(path: path)
        } else if path.hasSuffix(Self.deletedSuffix) {
            self = .deleted(path: String(path.dropLast(Self.deletedSuffix.count)))
        } else {
            self = .elsewhere(path: path)
        }
    }
}

extension Executable: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let path): path
        case .deleted(let path): "\(path) (deleted)"
        case .elsewhere(let path): "\(path) (of another mount namespace)"
        case .hidden: "a program that may not be looked at"
        }
    }
}
