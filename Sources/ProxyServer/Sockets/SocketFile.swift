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

    /// Binds `socket` to `path`, for the clients that `access` allows. The file is never open to anyone else. Throws if
    /// a program listens there, if what is there is not a socket, or the directory is not there or not ours to write, or the
    /// owner and group not ours to give.
    init(
        binding socket: borrowing FileDescriptor, to path: String, for access: SocketAccess
    ) throws(SystemError) {
        self.path = path
        lock = try Self.lock(path)
        do throws(SystemError) {
            try Self.removeStale(path)
            try Self.bind(socket, to: path, for: access)
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
            let raw = Glibc.open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
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
            throw SystemError("cannot listen on \(path): what is there is not a socket", code: EEXIST)
        }
        let probe = try Socket.make(AF_UNIX)
        guard Socket.connect(probe, to: .unix(path: path)) == ECONNREFUSED else {
            throw SystemError("cannot listen on \(path): another program does", code: EADDRINUSE)
        }
        guard unlink(path) == 0 else { throw SystemError("cannot remove the stale socket \(path)") }
    }

    private static func bind(
        _ socket: borrowing FileDescriptor, to path: String, for access: SocketAccess
    ) throws(SystemError) {
        // bind(2) gives the file the socket's own mode; umask(2) would be other threads' too.
        guard fchmod(socket.rawValue, 0) == 0 else { throw SystemError("cannot set the mode of a socket") }
        let code = Socket.bind(socket, to: .unix(path: path))
        guard code == 0 else { throw SystemError("cannot listen on \(path)", code: code) }
        do throws(SystemError) {
            try open(path, to: access)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// The mode is set last, so that no one gets access too early.
    private static func open(_ path: String, to access: SocketAccess) throws(SystemError) {
        // Held open, so that nobody who can write to the directory can redirect the change of owner to another file.
        let file = FileDescriptor(owning: Glibc.open(path, __O_PATH | O_NOFOLLOW | O_CLOEXEC))
        var status = stat()
        guard fstat(file.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            throw SystemError("cannot open \(path) to clients: it is gone", code: ENOENT)
        }
        let held = "/proc/self/fd/\(file.rawValue)"
        if access.owner != nil || access.group != nil {
            let unchanged = UInt32.max
            guard chown(held, access.owner ?? unchanged, access.group ?? unchanged) == 0 else {
                throw SystemError(
                    """
                    cannot give \(path) its owner and group (without CAP_CHOWN only a group that this process is a member of, \
                    and no other owner)
                    """)
            }
        }
        guard chmod(held, access.mode) == 0 else {
            throw SystemError("cannot open \(path) to clients")
        }
    }
}
