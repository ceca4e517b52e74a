import Glibc

/// A process that has a socket open, or may have.
struct SocketHolder: Sendable {
    let process: ProcessDirectory
    /// False for a process with more descriptors than anyone should have to look at: it may hold any socket.
    let isCertain: Bool
}

/// What one walk over /proc/*/fd found: which processes had which sockets open.
struct HolderScan: Sendable {
    /// A process may have so many descriptors before it is left half read.
    private static let processLimit = 16384
    /// So many sockets are noted; processes that are left then count as half read.
    private static let socketLimit = 1 << 18

    private struct Place: Sendable {
        let pid: pid_t
        let descriptor: Int32
    }

    /// When the walk began, by CLOCK_MONOTONIC.
    let start: ContinuousClock.Instant
    private var places: [UInt64: [Place]] = [:]
    private var halfRead: [pid_t] = []

    /// Walks. Processes that we may not look into count as having no sockets.
    ///
    /// All others are looked at, however soon a holder is found: a second one, of another identity, must not go unseen.
    ///
    /// - Parameter leftOut: a process that is not looked at; 0 for none.
    init(leavingOut leftOut: pid_t = 0) throws(SystemCallError) {
        start = .now
        let descriptor = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCallError("/proc") }
        var pids: [pid_t] = []
        try DirectoryListing.forEachNumber(in: FileDescriptor(owning: descriptor)) { pid in
            if pid != leftOut { pids.append(pid) }
            return true
        }
        var noted = 0
        for pid in pids {
            guard let process = try? ProcessDirectory(pid: pid) else { continue }
            let limit = min(Self.processLimit, Self.socketLimit - noted)
            guard let found = try? process.sockets(limit: limit) else { continue }
            if !found.isComplete { halfRead.append(pid) }
            for socket in found.sockets {
                places[socket.inode, default: []].append(Place(pid: pid, descriptor: socket.descriptor))
                noted += 1
            }
        }
    }

    /// The processes that had the socket open, and have it still.
    ///
    /// - Returns: nil if one of them has moved it since, so that only another walk can tell.
    func holders(of inode: UInt64) -> [SocketHolder]? {
        var holders: [SocketHolder] = []
        for place in places[inode] ?? [] where !holders.contains(where: { $0.process.pid == place.pid }) {
            guard let process = try? ProcessDirectory(pid: place.pid),
                let target = try? process.link("fd/\(place.descriptor)"), ProcessDirectory.socket(target) == inode
            else { return nil }
            holders.append(SocketHolder(process: process, isCertain: true))
        }
        for pid in halfRead where !holders.contains(where: { $0.process.pid == pid }) {
            guard let process = try? ProcessDirectory(pid: pid) else { continue }
            holders.append(SocketHolder(process: process, isCertain: false))
        }
        return holders
    }
}

extension ProcessDirectory {
    /// The sockets that the process has open, by inode and descriptor.
    fileprivate func sockets(
        limit: Int
    ) throws(SystemCallError) -> (sockets: [(inode: UInt64, descriptor: Int32)], isComplete: Bool) {
        let directory = try open("fd", O_RDONLY | O_DIRECTORY)
        let links = try open("fd", __O_PATH | O_DIRECTORY)
        var found: [(inode: UInt64, descriptor: Int32)] = []
        var count = 0
        try DirectoryListing.forEachNumber(in: directory) { number in
            count += 1
            guard count <= limit else { return false }
            if let inode = Self.socket(number, in: links) { found.append((inode, number)) }
            return true
        }
        return (found, count <= limit)
    }

    private static func socket(_ number: Int32, in links: borrowing FileDescriptor) -> UInt64? {
        let room = 40
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: room) { target in
            guard let start = target.baseAddress else { return nil }
            let text = UnsafeMutableRawPointer(start).assumingMemoryBound(to: CChar.self)
            let count = readlinkat(links.rawValue, "\(number)", text, room)
            guard count > 0, count < room else { return nil }
            return socket(target[..<count])
        }
    }

    /// The N of a link `socket:[N]`.
    fileprivate static func socket(_ target: some Collection<UInt8>) -> UInt64? {
        guard target.starts(with: "socket:[".utf8) else { return nil }
        let digits = target.dropFirst(8).prefix { $0 != UInt8(ascii: "]") }
        guard target.count == "socket:[]".utf8.count + digits.count else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self))
    }
}
