import Glibc

extension ProfileDirectory {
    /// How many links may lead to one another; more than anybody makes on purpose, and fewer than the kernel follows.
    private static let stepLimit = 8

    /// The files outside that are read for profiles in here which are links, and the links on the way to them, whether they
    /// are there or not: a change of any of them changes what is read. What /dev/null masks is not among them.
    ///
    /// Links in the place of folders are followed, and not told.
    ///
    /// - Parameter limit: how many there may be. What goes beyond that is left out, by the order of the profiles' names.
    public func linkedFiles(limit: Int) -> Set<String> {
        var files = Set<String>()
        guard case .names(let names) = listing() else { return files }
        for name in names.sorted() where ProfileFile.isName(name) {
            var path = file(named: name)
            for _ in 0..<Self.stepLimit {
                guard files.count < limit else { return files }
                guard let target = Self.target(ofLink: path), Self.mayBeRead(target), files.insert(target).inserted
                else { break }
                path = target
            }
        }
        return files
    }

    /// Where a link leads, as seen from this process; nil if there is no link there.
    private static func target(ofLink path: String) -> String? {
        let target: String? = withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
            guard let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
            let count = readlink(path, start, buffer.count)
            guard count > 0, count < buffer.count else { return nil }
            return String(decoding: buffer[..<count], as: UTF8.self)
        }
        guard let target, !target.utf8.starts(with: "/".utf8) else { return target }
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
        return folder + target
    }

    /// Whether a profile is there, or a link, or nothing yet.
    private static func mayBeRead(_ path: String) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return true }
        return [S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT)
    }
}
