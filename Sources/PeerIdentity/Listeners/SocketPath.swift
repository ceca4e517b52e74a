import CLinux
import Glibc

/// The file of a unix socket, reached by a path that a user cannot make lead elsewhere.
struct SocketPath: Equatable {
    private let device: UInt64
    private let node: UInt64

    /// More sockets than this that listen at one file are more than there can be.
    private static let limit = 8

    enum Look: Equatable {
        case socket(SocketPath)
        /// There is no socket.
        case absent
        /// Why a later look at the path may find another socket, as a clause.
        case unsteady(String)
    }

    /// Follows an absolute path, name by name.
    ///
    /// - Parameter user: who must not be able to change what is on the way.
    static func look(at path: String, changeableBy user: uid_t) -> Look {
        guard path.utf8.first == UInt8(ascii: "/") else { return .unsteady("the path is not absolute") }
        var names = path.split(separator: "/").filter { $0 != "." }
        guard let last = names.popLast(), last != "..", !names.contains("..") else {
            return .unsteady("the path goes upwards")
        }
        let start = open("/", __O_PATH | O_DIRECTORY | O_CLOEXEC)
        guard start >= 0 else { return .absent }
        var directory = FileDescriptor(owning: start)
        var way = ""
        for name in names {
            if let change = changeable(directory, by: user, way) { return .unsteady(change) }
            let next = openat(directory.rawValue, String(name), __O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            way += "/\(name)"
            guard next >= 0 else { return errno == ENOTDIR ? .unsteady("\(way) is a link, or no directory") : .absent }
            directory = FileDescriptor(owning: next)
        }
        if let change = changeable(directory, by: user, way) { return .unsteady(change) }
        var status = stat()
        guard fstatat(directory.rawValue, String(last), &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .absent }
        switch status.st_mode & S_IFMT {
        case S_IFSOCK: return .socket(SocketPath(device: UInt64(status.st_dev), node: UInt64(status.st_ino)))
        case S_IFLNK: return .unsteady("\(path) is a link")
        default: return .absent
        }
    }

    /// The sockets that listen at the file, by the number by which /proc/PID/fd names them.
    func listeners() throws(IdentityError) -> Set<UInt64> {
        var found = [UInt64](repeating: 0, count: Self.limit)
        let count = clinux_list_unix_listeners(node, device, &found, Int32(Self.limit))
        guard count >= 0 else { throw IdentityError(SystemCallError("sock_diag")) }
        guard count <= Self.limit else { throw .ambiguous("\(count) unix sockets listen at one path") }
        return Set(found[..<Int(count)])
    }

    /// Why a user could put something else into a directory; nil if only others can.
    private static func changeable(
        _ directory: borrowing FileDescriptor, by user: uid_t, _ way: String
    ) -> String? {
        var status = stat()
        guard fstat(directory.rawValue, &status) == 0 else { return "\(way)/ cannot be looked at" }
        // Even where only owners may delete, the client owns its socket.
        guard status.st_uid == user || status.st_mode & (S_IWGRP | S_IWOTH) != 0 else { return nil }
        return
            "the client can change what is in \(way)/; use a TCP port of 127.0.0.1, or a directory that only root can change"
    }
}
