import Glibc

/// A process and what it has been found to be, held so that this can be asked again at little cost.
///
/// All of what it was found to be it was in one run of its program, and nobody else's bytes can come in its name.
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

    let process: ProcessDirectory
    let identity: ProcessIdentity
    private let label: ProcessLabel?
    /// Nil where the kernel does not let us look; then only an exec out of the application is noticed, and none that came back.
    private let image: ProgramImage?
    private let program: ProgramFile?

    /// The real user, which the kernel puts into the credentials of what is sent.
    var uid: uid_t { identity.status.realUID }
    var pid: pid_t { process.pid }

    /// - Throws: `gone` if it has ended, or begins to run another program meanwhile; `ambiguous` if its threads differ;
    ///   `foreignNamespace` if another could have sent what the kernel says that it has.
    init(_ process: ProcessDirectory) throws(IdentityError) {
        do {
            image = try ProgramImage.current(of: process)
            label = try ProcessLabel(of: process)
            program = try ProgramFile(of: process)
        } catch {
            throw IdentityError(error)
        }
        self.process = process
        identity = try ProcessIdentity(of: process)
        try ThreadLabels.confirm(identity, of: process)
        guard image?.isInUse() != false else {
            throw .gone("pid \(process.pid) has ended, or runs another program than a moment ago")
        }
        try Self.checkNamespace(process, identity)
    }

    /// Where senders can be forged, the sender proves nothing. A Flatpak's id is none the worse for it: who could forge the
    /// sender could run the application too.
    private static func checkNamespace(
        _ process: ProcessDirectory, _ identity: ProcessIdentity
    ) throws(IdentityError) {
        guard identity.status.namespaceDepth > 0, identity.flatpak == nil else { return }
        let isRoots: Bool
        do { isRoots = try PidNamespace.isRoots(of: process) } catch { throw IdentityError(error) }
        guard isRoots else {
            throw .foreignNamespace(
                "pid \(process.pid) is in a pid namespace that a user made, where one process can send as another")
        }
    }

    /// Compares the process with the application that it should be.
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
