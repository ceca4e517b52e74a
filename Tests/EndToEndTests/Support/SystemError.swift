import Foundation

/// What a system call said, and what it was called for.
struct SystemError: Error, CustomStringConvertible {
    let description: String

    init(doing action: String, number: Int32 = errno) {
        description = "\(action): \(String(cString: strerror(number)))"
    }
}

/// Something that was to happen has not happened in time.
struct TimedOut: Error, CustomStringConvertible {
    let description: String
}
