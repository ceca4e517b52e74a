import Glibc
import PeerIdentity

/// A system call that failed: what was being done, and why it could not be.
struct SystemError: Error, CustomStringConvertible {
    /// What was being done, as in "cannot connect to /run/tor/control".
    let what: String
    /// errno(3).
    let code: Int32

    init(_ what: String, code: Int32 = errno) {
        self.what = what
        self.code = code
    }

    var description: String { "\(what): \(ErrorNumber.text(code))" }
}
