import Glibc

/// Says on standard error how the probe is to be called, and ends it.
func failUsage(_ usage: String) -> Never {
    let line = Array("usage: \(usage)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(2)
}

/// The bytes that pairs of hexadecimal digits stand for.
func bytes(hex text: Substring) -> [UInt8] {
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in text.utf8 {
        let value = digit < UInt8(ascii: "a") ? digit &- UInt8(ascii: "0") : digit &- UInt8(ascii: "a") &+ 10
        if let upper = high {
            bytes.append(upper << 4 | value)
            high = nil
        } else {
            high = value
        }
    }
    return bytes
}
