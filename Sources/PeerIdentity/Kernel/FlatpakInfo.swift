import Glibc

/// The file that Flatpak puts at the root of each sandbox, which says what runs inside (`/.flatpak-info`, flatpak-metadata(5)).
///
/// A process may have made its own root, so the file counts only where Flatpak would have put it: on a read-only mount of its
/// own, in a root held in memory. Both are asked of the kernel before the file is touched, so that no file system served by a
/// user can stall the caller.
enum FlatpakInfo {
    private static let limit = 64 << 10

    /// The application's id as the file says it; nil if there is no such file.
    static func applicationID(of process: ProcessDirectory) throws(SystemCallError) -> String? {
        let root = try process.open("root", __O_PATH | O_DIRECTORY)
        let mounts = try MountTable(of: process)
        guard let rootMount = mounts.mount(of: root), rootMount.mount.type == "tmpfs" else { return nil }

        // One name, and no link followed, so nothing leads out of the root. That is all openat2(2) could promise, which systemd
        // takes away with RestrictSUIDSGID=.
        let descriptor = openat(root.rawValue, ".flatpak-info", __O_PATH | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let place = FileDescriptor(owning: descriptor)
        guard let mount = mounts.mount(of: place), mount.id != rootMount.id, mount.mount.isReadOnly,
            mount.mount.type == "tmpfs"
        else { return nil }
        return try read(place).flatMap(applicationID(in:))
    }

    private static func read(_ place: borrowing FileDescriptor) throws(SystemCallError) -> [UInt8]? {
        var status = stat()
        guard fstat(place.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let descriptor = open("/proc/self/fd/\(place.rawValue)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        return try BoundedRead.all(of: FileDescriptor(owning: descriptor), limit: limit, as: ".flatpak-info")
    }

    /// `name` in the group `[Application]`; nil unless it is there once and is an id.
    static func applicationID(in text: [UInt8]) -> String? {
        var group: ArraySlice<UInt8> = []
        var names: [String] = []
        for line in text.split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: "[") { group = line }
            guard group.elementsEqual("[Application]".utf8), line.starts(with: "name=".utf8) else { continue }
            guard let name = KernelText.string(line.dropFirst(5)) else { return nil }
            names.append(name)
        }
        guard names.count == 1, let name = names.first, isID(name) else { return nil }
        return name
    }

    private static func isID(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255 && name.contains(".")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
