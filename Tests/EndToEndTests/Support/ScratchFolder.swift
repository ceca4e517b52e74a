import Foundation

/// A temporary folder of one test's own, readable by its owner alone; it goes with its last reference.
final class ScratchFolder: Sendable {
    /// Short enough for the path of a socket in it to fit `sun_path` (108 bytes).
    let path: String

    init() throws {
        var template = Array("/tmp/onion-grater-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(doing: "mkdtemp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of something in this folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file into the folder, and makes the folders on its way.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// Makes a folder in the folder.
    func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
        return file(name)
    }
}
