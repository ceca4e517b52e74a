/// How a file of an administrator changes what another file says, as systemd-delta(1) tells it of units.
public struct FileOverride: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The other file is not used. It may have been reinstalled since its replacement was last changed, which then
        /// lacks what is new.
        case replaced(isOutdated: Bool)
        /// The replacement is a link to /dev/null, so there is no profile.
        case masked
        /// The other file is used, for the clients that a drop-in names.
        case extended
    }

    /// The file that says something else.
    public let path: String
    /// The file that counts.
    public let replacement: String
    /// What comes of it.
    public let kind: Kind

    public init(path: String, replacement: String, kind: Kind) {
        self.path = path
        self.replacement = replacement
        self.kind = kind
    }

    /// The same in words, for tools and logs.
    public var diagnostic: Diagnostic {
        switch kind {
        case .replaced(isOutdated: false):
            Diagnostic(.note, .replacedFile, at: .whole(path), "is replaced by \(printable(replacement))")
        case .replaced(isOutdated: true):
            Diagnostic(
                .note, .outdatedReplacement, at: .whole(path),
                "is replaced by \(printable(replacement)), and was reinstalled since that was last changed",
                suggestion: "'grater-check diff' shows what the replacement lacks")
        case .masked:
            Diagnostic(
                .note, .replacedFile, at: .whole(path),
                "is masked by \(printable(replacement)), a link to /dev/null")
        case .extended:
            Diagnostic(
                .note, .extendedFile, at: .whole(path),
                "has the clients that \(printable(replacement)) names")
        }
    }
}
