import Glibc

/// The kernel that the trials run on.
enum Kernel {
    static let hasAppArmor = access("/sys/kernel/security/apparmor", F_OK) == 0

    /// Whether AppArmor keeps the label that a process connects with (SO_PEERSEC).
    static let keepsLabels: Bool = {
        var ends: [Int32] = [-1, -1]
        guard hasAppArmor, socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return false }
        defer { for end in ends { close(end) } }
        var label = [UInt8](repeating: 0, count: 256)
        var size = socklen_t(label.count)
        return getsockopt(ends[0], SOL_SOCKET, SO_PEERSEC, &label, &size) == 0
    }()

    /// How many numbers there are for processes at first.
    static let usualNumbers = 32768

    /// Changes how many numbers there are for processes.
    static func setNumbers(_ count: Int) throws {
        let path = "/proc/sys/kernel/pid_max"
        guard let file = fopen(path, "w") else { throw TrialError("\(path) cannot be written") }
        fputs("\(count)", file)
        guard fclose(file) == 0 else { throw TrialError("\(path) does not take \(count)") }
    }

    /// Makes a control group, and those above it.
    ///
    /// - Returns: the file that a process writes to, to join it.
    static func makeControlGroup(_ path: String) -> String {
        var folder = "/sys/fs/cgroup"
        for name in path.split(separator: "/") {
            folder += "/\(name)"
            mkdir(folder, 0o755)
        }
        return folder + "/cgroup.procs"
    }
}
