import Glibc

/// What is piped into the process.
public enum StandardInput {
    /// All of it, however often it is asked for. Throws an error whose description says why it cannot be read.
    public static func read() throws -> [UInt8] { try TextFile.read(TextFile.standardInput) }
}

/// Where text for people and programs goes.
public enum OutputStream: Sendable {
    case output
    case error

    /// Writes all of `text`; gives up where nobody reads any more.
    public func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.write(self == .output ? STDOUT_FILENO : STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
