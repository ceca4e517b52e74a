/// The diagnostics of one file, in the order in which they were found.
///
/// Invariant: bounded, so that a file that is wrong from end to end cannot fill memory or the log.
struct DiagnosticList {
    /// More than anyone reads at once.
    static let limit = 100

    private(set) var items: [Diagnostic] = []
    /// Kept apart from `items`, which may be full.
    private(set) var errorCount = 0

    var hasErrors: Bool { errorCount > 0 }

    mutating func error(at location: SourceLocation, _ message: String, suggestion: String? = nil) {
        add(Diagnostic(.error, at: location, message, suggestion: suggestion))
    }

    mutating func warning(at location: SourceLocation, _ message: String, suggestion: String? = nil) {
        add(Diagnostic(.warning, at: location, message, suggestion: suggestion))
    }

    mutating func note(at location: SourceLocation, _ message: String, suggestion: String? = nil) {
        add(Diagnostic(.note, at: location, message, suggestion: suggestion))
    }

    mutating func add(_ diagnostic: Diagnostic) {
        if diagnostic.severity == .error { errorCount += 1 }
        if items.count < Self.limit {
            items.append(diagnostic)
        } else if items.count == Self.limit {
            items.append(Diagnostic(.note, at: diagnostic.location, "there is more, which is not reported"))
        }
    }
}
