/// Why an expression is refused, and where.
public struct PatternError: Error, Sendable, Equatable {
    /// Offset in bytes of the UTF-8 of the source.
    public let position: Int
    /// What is wrong.
    public let message: String
    /// What to write instead, where there is something.
    public let suggestion: String?

    init(at position: Int, _ message: String, suggestion: String? = nil) {
        self.position = position
        self.message = message
        self.suggestion = suggestion
    }
}
