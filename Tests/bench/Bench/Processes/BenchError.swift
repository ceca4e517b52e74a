import Glibc

/// Why something could not be measured.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// With errno's text.
    init(doing what: String) {
        description = "cannot \(what): \(String(cString: strerror(errno)))"
    }
}
