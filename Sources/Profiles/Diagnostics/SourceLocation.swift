/// Where in a profile something stands: what an editor calls `file:line:column`.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The path as it was given.
    public let file: String
    /// From 1; 0 where the file as a whole is meant.
    public let line: Int
    /// From 1, in characters; 0 where the file as a whole is meant.
    public let column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// The file or folder as a whole: it could not be read, or nothing in it is to blame.
    public static func whole(_ file: String) -> SourceLocation {
        SourceLocation(file: file, line: 0, column: 0)
    }

    public var description: String { line == 0 ? file : "\(file):\(line):\(column)" }
}
