import Glibc
import PeerIdentity

/// The file of a listening unix socket: makes it, and removes it in the end.
///
/// A socket file that a program left behind when it died is replaced; one on which a program listens never is. That holds
/// between several of us too, for `PATH.lock` is locked (flock(2)) as long as we listen.
final class SocketFile: Sendable {
    let path: String
    private let lock: FileDescriptor

    private var lockPath: String { "\(path).lock" }

    /// Binds `socket` to `path`, for all to connect to: who may do what is for profiles to say, and who may come at all for
    /// the directory's permissions. Throws if a program listens there, if what is there is no socket, or the directory is
    /// not there or not ours to write.
    init(binding socket: borrowing FileDescriptor, to path: String) throws(SystemError) {
        self.path = path
        lock = try Self.lock(path)
        do throws(SystemError) {
            try Self.removeStale(path)
            try Self.bind(socket, to: path)
        } catch {
            unlink("\(path).lock")
            throw error
        }
    }

    /// Removes the file. Whoever comes now finds nobody.
    func remove() {
        unlink(path)
        unlink(lockPath)
    }

    private static func lock(_ path: String) throws(SystemError) -> FileDescriptor {
        let lockPath = "\(path).lock"
        while true {
            let raw = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard raw >= 0 else {
                let hint = errno == ENOENT ? "its directory must exist" : "cannot create \(lockPath)"
                throw SystemError("cannot listen on \(path): \(hint)")
            }
            let file = FileDescriptor(owning: raw)
            guard flock(raw, LOCK_EX | LOCK_NB) == 0 else {
                throw SystemError("cannot listen on \(path): another onion-grater does", code: EADDRINUSE)
            }
            // The last owner may have removed the file between our open and our lock: then the lock is of no file at all.
            var ours = stat()
            var named = stat()
            if fstat(raw, &ours) == 0, stat(lockPath, &named) == 0, ours.st_ino == named.st_ino { return file }
        }
    }

    private static func removeStale(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw SystemError("cannot listen on \(path): what is there is no socket", code: EEXIST)
        }
        let probe = try Socket.make(AF_UNIX)
        guard Socket.connect(probe, to: .unix(path: path)) == ECONNREFUSED else {
            throw SystemError("cannot listen on \(path): another program does", code: EADDRINUSE)
        }
        guard unlink(path) == 0 else { throw SystemError("cannot remove the stale socket \(path)") }
    }

    private static func bind(_ socket: borrowing FileDescriptor, to path: String) throws(SystemError) {
        let raw = socket.rawValue
        let result = SocketAddress.unix(path: path).withSocketAddress { Glibc.bind(raw, $0, $1) == 0 ? 0 : errno }
        let code = result ?? ENAMETOOLONG
        guard code == 0 else { throw SystemError("cannot listen on \(path)", code: code) }
        guard chmod(path, 0o666) == 0 else {
            let error = SystemError("cannot open \(path) to clients")
            unlink(path)
            throw error
        }
    }
}
