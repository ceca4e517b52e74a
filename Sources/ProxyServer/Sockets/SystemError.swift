import Glibc

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

    var description: String { "\(what): \(Self.text(code))" }

    /// The words of strerror(3) for `code`.
    static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "error \(code)" }
    }
}
