import Glibc

/// A system call that failed, and why.
struct SystemCallError: Error, Equatable, CustomStringConvertible {
    /// What was asked, as a person would look it up: `SO_PEERCRED`, `/proc/12/exe`.
    let call: String
    /// errno(3).
    let code: Int32

    /// Takes errno as the last call left it.
    init(_ call: String) {
        self.init(call, code: errno)
    }

    init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// The call's name and the kernel's answer: `SO_PEERCRED: Bad file descriptor`.
    var description: String { "\(call): \(ErrorNumber.text(code))" }
}
