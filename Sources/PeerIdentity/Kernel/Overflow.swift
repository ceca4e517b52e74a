import Glibc

/// What the kernel says in place of a user or group that the daemon's user namespace has no number for
/// (/proc/sys/kernel/overflowuid, user_namespaces(7)).
enum Overflow {
    static let uid = number("/proc/sys/kernel/overflowuid")
    static let gid = number("/proc/sys/kernel/overflowgid")

    private static func number(_ path: String) -> UInt32 {
        let usual: UInt32 = 65534
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return usual }
        let file = FileDescriptor(owning: descriptor)
        guard let text = try? BoundedRead.all(of: file, limit: 32, as: path) else { return usual }
        return UInt32(String(decoding: text.prefix { $0 != 0x0A }, as: UTF8.self)) ?? usual
    }
}
