import Glibc

/// The AppArmor label that a process has now (/proc/PID/attr, apparmor(7)), held open to be read again and again.
struct ProcessLabel: ~Copyable, Sendable {
    private static let path = "attr/apparmor/current"
    /// Labels above this size are refused.
    private static let limit = 4096

    private let file: FileDescriptor
    private let pid: pid_t

    /// Whether AppArmor is the security module that answers for this kernel.
    static let isAppArmorPresent = access("/proc/self/\(path)", F_OK) == 0

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
