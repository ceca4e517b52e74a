import Glibc

/// A process that has been found to be the peer's application, held so that this can be asked again at little cost.
final class KnownSender: Sendable {
    /// What has become of the process.
    enum State: Equatable {
        /// It has been the same application ever since.
        case same
        /// It has called execve(2): whatever it is now, in between it may have been another.
        case executed
        /// It is another application now.
        case different
    }

    private let process: ProcessDirectory
    private let label: ProcessLabel?
    /// Nil where the kernel does not let us look; then only an exec out of the application is noticed, and none that came back.
    private let image: ProgramImage?
    private let program: ProgramFile?
    /// The real user, which the kernel puts into the credentials of what is sent.
    let uid: uid_t

    var pid: pid_t { process.pid }

    init(_ process: ProcessDirectory, _ identity: ProcessIdentity) throws(IdentityError) {
        do {
            image = try ProgramImage(of: process)
            label = try ProcessLabel(of: process)
            program = try ProgramFile(of: process)
        } catch {
            throw IdentityError(error)
        }
        self.process = process
        uid = identity.status.realUID
    }

    /// Compares the process with the application that it was found to be.
    ///
    /// - Throws: `gone` if it has ended.
    func state(comparedWith identity: ProcessIdentity) throws(IdentityError) -> State {
        if label != nil {
            guard try label?.read().isOfSameProfile(as: identity.label) == true else { return .different }
        }
        if let isSameRun = image?.isInUse() { return isSameRun ? .same : .executed }
        if identity.isConfined { return .same }
        do { return try ProgramFile(of: process) == program ? .same : .different } catch { throw IdentityError(error) }
    }
}

/// The file that a process runs.
private struct ProgramFile: Equatable {
    let device: dev_t
    let inode: ino_t

    /// Nil if the kernel does not let us look.
    init?(of process: ProcessDirectory) throws(SystemCallError) {
        do {
            let file = try process.status("exe")
            device = file.st_dev
            inode = file.st_ino
        } catch {
            switch error.code {
            case EACCES, EPERM: return nil
            case ENOENT: throw SystemCallError("/proc/\(process.pid)/exe", code: ESRCH)
            default: throw error
            }
        }
    }
}
