import Glibc

/// The texts of error numbers, see strerror(3).
enum SystemError {
    static func text(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
