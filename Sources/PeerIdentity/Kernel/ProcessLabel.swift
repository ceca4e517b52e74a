import Glibc

/// The AppArmor label that a process has now (/proc/PID/attr, apparmor(7)), held open to be read again and again.
struct ProcessLabel: ~Copyable, Sendable {
    private static let path = "attr/apparmor/current"
    /// Labels above this size are refused.
    static let limit = 4096

    private let file: FileDescriptor
    private let pid: pid_t

    /// Whether AppArmor is at work. If it is not, its files may be there all the same, but refuse to be read with EINVAL, and
    /// SO_PEERSEC is answered by another security module. A daemon that may not read them does not know, and so must not take
    /// every process for unconfined.
    static let isAppArmorPresent: Bool = {
        do throws(SystemCallError) {
            return try !ProcessDirectory(pid: getpid()).read(path, limit: limit).isEmpty
        } catch {
            return error.code != ENOENT && error.code != EINVAL
        }
    }()

    /// Nil where the kernel has no AppArmor, so that every process is unconfined.
    init?(of process: ProcessDirectory) throws(SystemCallError) {
        guard Self.isAppArmorPresent else { return nil }
        file = try process.open(Self.path, O_RDONLY)
        pid = process.pid
    }

    /// The label of this moment; one system call.
    ///
    /// - Throws: `gone` if the process has ended.
    func read() throws(IdentityError) -> Label {
        let name = "/proc/\(pid)/\(Self.path)"
        do {
            return try Label.parse(try BoundedRead.all(of: file, limit: Self.limit, as: name), source: name)
        } catch let error as SystemCallError {
            throw IdentityError(error)
        } catch let error as IdentityError {
            throw error
        } catch {
            throw .unreadable("\(name): \(error)")
        }
    }
}
