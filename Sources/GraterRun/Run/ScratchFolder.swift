import ChildProcesses
import Glibc
import GraterCheck

/// A folder that only this user may enter, for sockets and an offline tor's data.
struct ScratchFolder: Sendable {
    let path: String

    init() throws(ChildProcess.Failure) {
        let base = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? "/tmp"
        for place in [base, "/tmp"] {
            var template = Array("\(place)/grater-check-XXXXXX".utf8CString)
            if mkdtemp(&template) != nil {
                path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
                return
            }
        }
        throw ChildProcess.Failure(description: "cannot make a folder in \(base) or /tmp")
    }

    /// Removes it with all that is in it.
    func remove() { Self.remove(path) }

    private static func remove(_ path: String) {
        guard Glibc.remove(path) != 0, errno == ENOTEMPTY || errno == EEXIST, let stream = opendir(path) else { return }
        while let entry = readdir(stream) {
            // By address, for an entry is allocated only as far as its name goes.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { break }
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(stream)
        _ = Glibc.remove(path)
    }
}
