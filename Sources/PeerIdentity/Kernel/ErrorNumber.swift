import Glibc

/// What errno(3) was set to.
package enum ErrorNumber {
    /// The words of strerror(3) for an error number; glibc gives each thread its own.
    package static func text(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
