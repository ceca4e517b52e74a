import Glibc

/// A process that has a socket open, or may have.
struct SocketHolder: Sendable {
    let process: ProcessDirectory
    /// False for a process with more descriptors than anyone should have to look at: it may hold any socket.
    let isCertain: Bool
}

/// One walk over /proc/*/fd, in search of the processes that have certain sockets open.
struct HolderScan {
    /// A process may have so many descriptors before it is left half read.
    static let descriptorLimit = 16384

    /// By inode: who has the socket open. Processes that we may not look into count as having none.
    private(set) var holders: [UInt64: [SocketHolder]]

    /// Looks for all of `inodes` at once.
    init(for inodes: Set<UInt64>, in proc: String = "/proc") throws(SystemCallError) {
        holders = Dictionary(uniqueKeysWithValues: inodes.map { ($0, []) })
        let descriptor = open(proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCallError(proc) }
        var pids: [pid_t] = []
        try DirectoryListing.forEachNumber(in: FileDescriptor(owning: descriptor)) { pid in
            pids.append(pid)
            return true
        }
        for pid in pids {
            guard let process = try? ProcessDirectory(pid: pid),
                let found = try? process.sockets(among: inodes, limit: Self.descriptorLimit)
            else { continue }
            for inode in found.isComplete ? found.inodes : inodes {
                let isCertain = found.inodes.contains(inode)
                holders[inode]?.append(SocketHolder(process: process, isCertain: isCertain))
            }
        }
    }
}

extension ProcessDirectory {
    /// Which of the sockets the process has open.
    fileprivate func sockets(
        among wanted: Set<UInt64>, limit: Int
    ) throws(SystemCallError) -> (inodes: Set<UInt64>, isComplete: Bool) {
        let directory = try open("fd", O_RDONLY | O_DIRECTORY)
        let links = try open("fd", __O_PATH | O_DIRECTORY)
        var found: Set<UInt64> = []
        var count = 0
        try DirectoryListing.forEachNumber(in: directory) { number in
            count += 1
            if let inode = Self.socket(number, in: links), wanted.contains(inode) { found.insert(inode) }
            return count < limit
        }
        return (found, count < limit)
    }

    /// The N of a link `socket:[N]`.
    private static func socket(_ number: Int32, in links: borrowing FileDescriptor) -> UInt64? {
        let room = 40
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: room) { target in
            guard let start = target.baseAddress else { return nil }
            let count = readlinkat(links.rawValue, "\(number)", start, room)
            guard count < room, count > 9, strncmp(start, "socket:[", 8) == 0, start[count - 1] == 0x5D else {
                return nil
            }
            return UInt64(String(decoding: target[8..<(count - 1)].map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
    }
}
