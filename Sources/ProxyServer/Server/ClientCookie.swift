import ControlProtocol
import Glibc
import PeerIdentity

/// A cookie file of our own, for applications that will not authenticate without one (control-spec, section 3.24).
///
/// This is not access control: everyone may read it, and the kernel identifies clients. It is there so that nobody opens tor's own
/// cookie, and with it the control port without a filter, to please such an application.
final class ClientCookie: Sendable {
    let path: String
    /// 32 random bytes, other ones each time.
    let bytes: [UInt8]
    private let inode: ino_t

    /// Puts a new cookie into the file at `path`, whatever is there: at each moment there is an old one or a new one, and
    /// whole.
    init(at path: String) throws(SystemError) {
        self.path = path
        bytes = Random.nonce()
        let suffix = String(decoding: Hexadecimal.encode(Random.nonce()[..<8]), as: UTF8.self)
        let temporary = "\(path).\(suffix)"
        let raw = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard raw >= 0 else { throw SystemError("cannot write the cookie \(path)") }
        let file = FileDescriptor(owning: raw)
        var status = stat()
        guard write(file.rawValue, bytes, bytes.count) == bytes.count, fchmod(file.rawValue, 0o644) == 0,
            fstat(file.rawValue, &status) == 0, rename(temporary, path) == 0
        else {
            let error = SystemError("cannot write the cookie \(path)")
            unlink(temporary)
            throw error
        }
        inode = status.st_ino
    }

    /// Removes the file, unless another onion-grater has put its own there.
    func remove() {
        var status = stat()
        if lstat(path, &status) == 0, status.st_ino == inode { unlink(path) }
    }
}
