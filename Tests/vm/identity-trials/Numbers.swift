import Glibc

/// How many numbers there are for processes; only root can change it.
enum Numbers {
    /// What the kernel starts with.
    static let usualLimit = 32768

    static func setLimit(_ count: Int) throws {
        let path = "/proc/sys/kernel/pid_max"
        guard let file = fopen(path, "w") else { throw TrialError("\(path) cannot be written") }
        fputs("\(count)", file)
        guard fclose(file) == 0 else { throw TrialError("\(path) does not take \(count)") }
    }
}
