/// The control group of a process (cgroups(7), version 2): a path from the root of the daemon's cgroup namespace.
struct ControlGroup: Equatable, Sendable {
    let path: String

    /// Nil where there is no version 2 hierarchy, or the process is outside of what the daemon can see.
    init?(of process: ProcessDirectory) throws(SystemCallError) {
        self.init(text: try process.read("cgroup"))
    }

    /// The content of /proc/PID/cgroup.
    init?(text: [UInt8]) {
        for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: "0::/".utf8) {
            guard let path = KernelText.string(line.dropFirst(3)), !path.hasPrefix("/..") else { return nil }
            self.path = path
            return
        }
        return nil
    }
}
