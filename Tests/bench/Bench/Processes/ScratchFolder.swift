import Glibc

/// A folder of the bench's own, gone with its last reference.
final class ScratchFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/onion-grater-bench.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchError(doing: "make a folder in /tmp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { Self.remove(path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    @discardableResult
    func makeFolder(_ name: String) throws -> String {
        guard mkdir(file(name), 0o700) == 0 else { throw BenchError(doing: "make \(file(name))") }
        return file(name)
    }

    func write(_ text: String, to name: String) throws {
        try TextFile.write(text, to: file(name))
    }

    /// Removes a file, or a folder and all that is in it.
    private static func remove(_ path: String) {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name != "." && name != ".." { remove("\(path)/\(name)") }
            }
            closedir(folder)
        }
        _ = Glibc.remove(path)
    }
}
