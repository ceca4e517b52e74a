import Glibc

/// A process that has been found to be the peer's application, held so that this can be asked again at little cost.
final class KnownSender: Sendable {
    private let process: ProcessDirectory
    private let label: ProcessLabel?
    private let program: ProgramFile
    /// The real user, which the kernel puts into the credentials of what is sent.
    let uid: uid_t

    var pid: pid_t { process.pid }

    init(_ process: ProcessDirectory, _ identity: ProcessIdentity) throws(IdentityError) {
        do {
            label = try ProcessLabel(of: process)
            program = try ProgramFile(of: process)
        } catch {
            throw IdentityError(error)
        }
        self.process = process
        uid = identity.status.realUID
    }

    /// Whether the process still has the label, or, if no profile applies to it, still runs the program.
    ///
    /// - Throws: `gone` if it has ended.
    func isStill(_ identity: ProcessIdentity) throws(IdentityError) -> Bool {
        if label != nil {
            guard try label?.read().isOfSameProfile(as: identity.label) == true else { return false }
            if identity.isConfined { return true }
        }
        do { return try ProgramFile(of: process) == program } catch { throw IdentityError(error) }
    }
}

/// The file that a process runs.
private struct ProgramFile: Equatable {
    let device: dev_t
    let inode: ino_t

    init(of process: ProcessDirectory) throws(SystemCallError) {
        do {
            let file = try process.status("exe")
            device = file.st_dev
            inode = file.st_ino
        } catch  where error.code == ENOENT {
            throw SystemCallError("/proc/\(process.pid)/exe", code: ESRCH)
        }
    }
}
