import Glibc

/// What /proc/PID/status tells (proc_pid_status(5)).
struct ProcessStatus: Equatable, Sendable {
    /// The real user, which is what the kernel names as the sender of bytes.
    let realUID: uid_t
    /// The effective user and group, which are what SO_PEERCRED names.
    let uid: uid_t
    var gid: gid_t
    /// The supplementary groups.
    var groups: [gid_t]
    /// In how many pid namespaces below ours the process is.
    let namespaceDepth: Int
    let threadCount: Int

    init(of process: ProcessDirectory) throws(IdentityError) {
        let text: [UInt8]
        do { text = try process.read("status", limit: 1 << 20) } catch { throw IdentityError(error) }
        guard let status = ProcessStatus(text: text) else {
            throw .unreadable("/proc/\(process.pid)/status is not what proc(5) says")
        }
        self = status
    }

    /// Nil unless the lines `Uid`, `Gid`, `Groups` and `Threads` are there and hold numbers.
    init?(text: [UInt8]) {
        var fields: [String: [UInt32]] = [:]
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let key = String(decoding: line[..<colon], as: UTF8.self)
            guard Self.keys.contains(key) else { continue }
            var numbers: [UInt32] = []
            for word in line[(colon + 1)...].split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }) {
                guard let number = UInt32(String(decoding: word, as: UTF8.self)) else { return nil }
                numbers.append(number)
            }
            guard fields.updateValue(numbers, forKey: key) == nil else { return nil }
        }
        guard let uids = fields["Uid"], uids.count == 4, let gids = fields["Gid"], gids.count == 4,
            let groups = fields["Groups"], let threads = fields["Threads"]?.first
        else { return nil }
        realUID = uids[0]
        uid = uids[1]
        gid = gids[1]
        self.groups = groups
        namespaceDepth = max(fields["NSpid"]?.count ?? 1, 1) - 1
        threadCount = Int(threads)
    }

    private static let keys: Set<String> = ["Uid", "Gid", "Groups", "NSpid", "Threads"]
}
