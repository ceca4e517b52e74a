import CLinux
import Glibc

/// Keeps anybody, even root, from opening a file, as long as it lives: a device on a file system without devices is in its place.
final class HiddenFile {
    private let path: String

    init(_ path: String) throws {
        self.path = path
        let folder = "/tmp/hidden"
        mkdir(folder, 0o755)
        guard mount("none", folder, "tmpfs", UInt(MS_NODEV), nil) == 0,
            mknod(folder + "/file", S_IFCHR | 0o666, 0x103) == 0,
            mount(folder + "/file", path, nil, UInt(MS_BIND), nil) == 0,
            open(path, O_RDONLY) < 0
        else { throw TrialError("\(path) cannot be hidden") }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }
}
