import Glibc
import PeerIdentity

/// Tor's authentication cookie, a file of 32 bytes.
enum CookieFile {
    static let size = 32

    /// The cookie in the file at `path`. Never blocks, whatever is there; throws if it is not a file of exactly 32 bytes.
    static func read(_ path: String) throws(SystemError) -> [UInt8] {
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard raw >= 0 else { throw SystemError("cannot read tor's cookie \(path)") }
        let file = FileDescriptor(owning: raw)
        var bytes = [UInt8](repeating: 0, count: size + 1)
        let count = Glibc.read(file.rawValue, &bytes, bytes.count)
        guard count >= 0 else { throw SystemError("cannot read tor's cookie \(path)") }
        guard count == size else { throw SystemError("\(path) is not a cookie of \(size) bytes", code: EINVAL) }
        return Array(bytes[..<size])
    }
}
