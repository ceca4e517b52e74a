import Foundation

/// A folder of one test's own, which only this user may enter; it goes with its last reference.
public final class TemporaryFolder: Sendable {
    /// Short enough for the path of a socket in it to fit `sun_path` (108 bytes).
    public let path: String

    public init() throws {
        var template = Array("/tmp/onion-grater-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of something in this folder.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file into the folder, makes the folders on its way, and gives its path.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return file(name)
    }

    /// Makes a folder in the folder, and gives its path.
    public func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
        return file(name)
    }

    /// Makes a link in the folder, and gives its path.
    @discardableResult
    public func link(_ name: String, to target: String) throws -> String {
        try FileManager.default.createSymbolicLink(atPath: file(name), withDestinationPath: target)
        return file(name)
    }
}
