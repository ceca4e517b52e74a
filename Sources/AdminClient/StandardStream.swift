import Glibc

/// A standard stream of this process.
public enum StandardStream: Int32 {
    /// Standard output.
    case output = 1
    /// Standard error.
    case error = 2

    /// Writes all of `bytes`. What cannot be written is lost: there is nowhere to report it.
    public func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    /// Whether it is a terminal with colours, and `NO_COLOR` is not set to something (no-color.org).
    var hasColor: Bool {
        let noColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
        return isatty(rawValue) != 0 && !noColor && !isDumb
    }
}
