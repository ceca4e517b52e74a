/// Where in a profile something stands: what an editor calls `file:line:column`.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
    /// The path as it was given.
    public let file: String
    /// From 1.
    public let line: Int
    /// From 1, in characters.
    public let column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    public var description: String { "\(file):\(line):\(column)" }
}
