/// One message about a profile: what is wrong, where, and what to do about it.
public struct Diagnostic: Error, Hashable, Sendable {
    /// What comes of it for the file.
    public enum Severity: String, Sendable {
        /// The file cannot be used: its filters count as absent.
        case error
        /// The file is used, but hardly means what its author thinks.
        case warning
        /// The file is used; this is good to know.
        case note
    }

    /// What comes of it for the file.
    public let severity: Severity
    /// What kind of finding it is.
    public let code: FindingCode
    /// Where in the file; the file as a whole where nothing in it is to blame.
    public let location: SourceLocation
    /// Printable: what it quotes from the file is escaped.
    public let message: String
    /// What to do instead, where that is known: a clause such as `did you mean 'pattern'?`.
    public let suggestion: String?

    public init(
        _ severity: Severity, _ code: FindingCode, at location: SourceLocation, _ message: String,
        suggestion: String? = nil
    ) {
        self.severity = severity
        self.code = code
        self.location = location
        self.message = message
        self.suggestion = suggestion
    }
}

extension Diagnostic: CustomStringConvertible {
    /// One line in the form that editors jump to: `file:line:column: severity: message (suggestion)`.
    public var description: String {
        let place = printable(location.description)
        return "\(place): \(severity.rawValue): \(message)" + (suggestion.map { " (\($0))" } ?? "")
    }
}
