import Glibc

/// The numbers that name entries of a directory in /proc.
enum DirectoryListing {
    /// Calls `body` for each entry whose name is a number, until it returns false.
    static func forEachNumber(in directory: consuming FileDescriptor, _ body: (Int32) -> Bool) throws(SystemCallError) {
        let descriptor = directory.release()
        guard let stream = fdopendir(descriptor) else {
            let error = SystemCallError("fdopendir")
            close(descriptor)
            throw error
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            guard let number = number(of: entry) else { continue }
            guard body(number) else { return }
        }
    }

    private static func number(of entry: UnsafeMutablePointer<dirent>) -> Int32? {
        withUnsafeBytes(of: &entry.pointee.d_name) { name in
            var number: Int32 = 0
            for (index, byte) in name.enumerated() {
                if byte == 0 { return index > 0 ? number : nil }
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                let (tens, tooBig) = number.multipliedReportingOverflow(by: 10)
                let (sum, tooBigStill) = tens.addingReportingOverflow(Int32(byte) - 0x30)
                if tooBig || tooBigStill { return nil }
                number = sum
            }
            return nil
        }
    }
}
