import CLinux
import Glibc

/// The pid namespace of a process, pid_namespaces(7).
enum PidNamespace {
    /// Whether only root could have made it.
    ///
    /// A process that makes a pid namespace from its own user namespace has CAP_SYS_ADMIN there, and may put the number of any
    /// process inside into the credentials of what he sends (unix(7)).
    static func isRoots(of process: ProcessDirectory) throws(SystemCallError) -> Bool {
        let namespace = try process.open("ns/pid", O_RDONLY)
        let descriptor = clinux_owning_user_namespace(namespace.rawValue)
        guard descriptor >= 0 else {
            if errno == EPERM { return false }
            throw SystemCallError("NS_GET_USERNS")
        }
        let owner = FileDescriptor(owning: descriptor)
        var theirs = stat()
        var ours = stat()
        guard fstat(owner.rawValue, &theirs) == 0, stat("/proc/self/ns/user", &ours) == 0 else {
            throw SystemCallError("/proc/self/ns/user")
        }
        return theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino
    }
}
