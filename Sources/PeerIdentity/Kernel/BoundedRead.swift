import Glibc

/// Reading small files of /proc, with a bound.
enum BoundedRead {
    /// The whole content, from its start whatever was read before.
    ///
    /// - Throws: EFBIG if there is more than `limit` bytes.
    static func all(of descriptor: borrowing FileDescriptor, limit: Int, as name: @autoclosure () -> String)
        throws(SystemCallError) -> [UInt8]
    {
        var content = [UInt8](repeating: 0, count: min(limit, 4096) + 1)
        var count = 0
        while true {
            let number = descriptor.rawValue
            let room = content.count - count
            let got = content.withUnsafeMutableBytes {
                pread(number, $0.baseAddress.map { $0 + count }, room, off_t(count))
            }
            if got < 0 {
                if errno == EINTR { continue }
                throw SystemCallError(name())
            }
            count += got
            if got == 0 { return Array(content[..<count]) }
            if count > limit { throw SystemCallError(name(), code: EFBIG) }
            if count == content.count {
                content.append(contentsOf: [UInt8](repeating: 0, count: min(count, limit + 1 - count)))
            }
        }
    }
}
