import Glibc

/// The mounts that a process sees (/proc/PID/mountinfo, proc_pid_mountinfo(5)).
///
/// All of it comes from the kernel: no file system is asked, so none that a user serves can keep the caller waiting.
struct MountTable: Equatable, Sendable {
    struct Mount: Equatable, Sendable {
        /// `ext4`, `tmpfs`, `fuse.sshfs`.
        let type: String
        let isReadOnly: Bool
    }

    private let mounts: [Int: Mount]

    init(of process: ProcessDirectory) throws(SystemCallError) {
        self.init(text: try process.read("mountinfo", limit: 4 << 20))
    }

    /// The content of mountinfo; lines that are not as they should be are left out.
    init(text: [UInt8]) {
        var mounts: [Int: Mount] = [:]
        for line in text.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard fields.count > 6, let id = Int(fields[0]), let separator = fields[6...].firstIndex(of: "-"),
                separator + 1 < fields.count
            else { continue }
            mounts[id] = Mount(
                type: fields[separator + 1], isReadOnly: fields[5].split(separator: ",").contains("ro"))
        }
        self.mounts = mounts
    }

    /// The mount that an open file is on; nil if the process does not see it.
    func mount(of file: borrowing FileDescriptor) -> (id: Int, mount: Mount)? {
        guard let id = Self.mountID(of: file), let mount = mounts[id] else { return nil }
        return (id, mount)
    }

    private static func mountID(of file: borrowing FileDescriptor) -> Int? {
        let path = "/proc/self/fdinfo/\(file.rawValue)"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let info = FileDescriptor(owning: descriptor)
        guard let text = try? BoundedRead.all(of: info, limit: 4096, as: path) else { return nil }
        for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: "mnt_id:".utf8) {
            return Int(String(decoding: line.dropFirst(7).drop { $0 == 0x09 || $0 == 0x20 }, as: UTF8.self))
        }
        return nil
    }
}
