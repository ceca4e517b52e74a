/// The diagnostics of one file, in the order in which they were found.
///
/// Invariant: bounded, so that a file that is wrong from end to end cannot fill memory or the log; and suggestions, which
/// take time to find, are only made for what is reported.
struct DiagnosticList {
    /// More than anyone reads at once.
    private static let limit = 100

    private(set) var items: [Diagnostic] = []
    /// Those that were not kept included.
    private(set) var errorCount = 0

    var hasErrors: Bool { errorCount > 0 }

    mutating func error(
        _ code: FindingCode, at location: SourceLocation, _ message: @autoclosure () -> String,
        suggestion: @autoclosure () -> String? = nil
    ) {
        errorCount += 1
        add(.error, code, at: location, message, suggestion)
    }

    mutating func warning(
        _ code: FindingCode, at location: SourceLocation, _ message: @autoclosure () -> String,
        suggestion: @autoclosure () -> String? = nil
    ) {
        add(.warning, code, at: location, message, suggestion)
    }

    mutating func note(_ code: FindingCode, at location: SourceLocation, _ message: @autoclosure () -> String) {
        add(.note, code, at: location, message, { nil })
    }

    private mutating func add(
        _ severity: Diagnostic.Severity, _ code: FindingCode, at location: SourceLocation, _ message: () -> String,
        _ suggestion: () -> String?
    ) {
        if items.count < Self.limit {
            items.append(Diagnostic(severity, code, at: location, message(), suggestion: suggestion()))
        } else if items.count == Self.limit {
            items.append(Diagnostic(.note, .moreFindings, at: location, "there is more, which is not reported"))
        }
    }
}
