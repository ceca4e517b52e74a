/// A profile that is not used, because a later folder has a file of the same name.
public struct ReplacedFile: Sendable, Hashable {
    /// Of the file that is not used.
    public let path: String
    /// Of the one in its place.
    public let replacement: String
    /// Whether the one in its place is a link to /dev/null, so that there is no profile.
    public let isMasked: Bool

    /// The same in words, for tools and logs.
    public var diagnostic: Diagnostic {
        Diagnostic(
            .note, .replacedFile, at: .whole(path),
            isMasked
                ? "is masked by \(printable(replacement)), a link to /dev/null"
                : "is replaced by \(printable(replacement))")
    }
}
