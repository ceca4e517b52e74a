import Glibc
import PeerIdentity

/// Sends datagrams to another program's unix socket, by path each time, so that a restarted program is found again.
final class DatagramSender: Sendable {
    private let descriptor: FileDescriptor
    private let address: sockaddr_un
    private let length: socklen_t

    /// - Parameter name: a path, or after `@` a name in the abstract namespace (unix(7)). Throws if it is empty or too long.
    init(to name: String) throws(SystemError) {
        var bytes = Array(name.utf8)
        // A path ends with a NUL; an abstract name begins with one, and its length says where it ends.
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 } else { bytes.append(0) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard bytes.count > 1, bytes.count <= room.count else { return false }
            room.copyBytes(from: bytes)
            return true
        }
        guard fits else { throw SystemError("cannot send to the socket '\(name)'", code: ENAMETOOLONG) }
        self.address = address
        length = socklen_t((MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2) + bytes.count)
        descriptor = try Self.makeSocket()
    }

    /// Sends one datagram, and waits for it to be taken; 0 or errno(3).
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int32 {
        let raw = descriptor.rawValue
        return withAddress { address, length in
            sendto(raw, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, length) < 0 ? errno : 0
        }
    }

    /// Whether somebody is there to take datagrams: 0 or errno(3).
    func probe() throws(SystemError) -> Int32 {
        let probe = try Self.makeSocket()
        let raw = probe.rawValue
        return withAddress { connect(raw, $0, $1) < 0 ? errno : 0 }
    }

    private static func makeSocket() throws(SystemError) -> FileDescriptor {
        let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SystemError("cannot make a socket") }
        return FileDescriptor(owning: raw)
    }

    private func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
