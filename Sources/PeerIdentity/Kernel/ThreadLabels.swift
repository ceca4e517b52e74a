import Glibc

/// The labels of a process's threads, of which each may change its own (aa_change_hat(2)), while /proc/PID/attr has the first
/// one's alone and whatever is sent comes from the process as a whole.
enum ThreadLabels {
    /// A process with more threads is refused.
    private static let limit = 4096

    /// Makes sure that the label found is that of all of the process's threads.
    ///
    /// - Throws: `ambiguous` if it is not.
    static func confirm(_ identity: ProcessIdentity, of process: ProcessDirectory) throws(IdentityError) {
        guard let label = identity.label, identity.status.threadCount > 1 else { return }
        for thread in try threads(of: process) {
            let name = "task/\(thread)/attr/apparmor/current"
            let text: [UInt8]
            do {
                text = try process.read(name, limit: ProcessLabel.limit)
            } catch {
                // It has ended.
                if error.code == ESRCH || error.code == ENOENT { continue }
                throw IdentityError(error)
            }
            let found = try Label.parse(text, source: "/proc/\(process.pid)/\(name)")
            guard found.isOfSameProfile(as: label) else {
                throw .ambiguous("pid \(process.pid) is \(label), and one of its threads is \(found)")
            }
        }
    }

    private static func threads(of process: ProcessDirectory) throws(IdentityError) -> [Int32] {
        var threads: [Int32] = []
        do {
            try DirectoryListing.forEachNumber(in: process.open("task", O_RDONLY | O_DIRECTORY)) { thread in
                threads.append(thread)
                return threads.count <= limit
            }
        } catch {
            throw IdentityError(error)
        }
        guard threads.count <= limit else { throw .unreadable("pid \(process.pid) has more than \(limit) threads") }
        return threads
    }
}
