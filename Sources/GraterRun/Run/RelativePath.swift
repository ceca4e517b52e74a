import Glibc
import GraterCheck

/// A path as another file has to write it, to be moved about together with it.
enum RelativePath {
    /// The path of `file` as seen from the folder of `other`, which need not be there yet. Links on the way are resolved.
    static func of(_ file: String, fromFolderOf other: String) -> String {
        let folder = other.lastIndex(of: "/").map { String(other[...$0]) } ?? "."
        guard let target = resolve(file), let start = resolve(folder) else { return file }
        let (names, steps) = (target.split(separator: "/"), start.split(separator: "/"))
        let shared = zip(names, steps).prefix { $0 == $1 }.count
        let way = [Substring](repeating: "..", count: steps.count - shared) + names[shared...]
        return way.joined(separator: "/")
    }

    private static func resolve(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
