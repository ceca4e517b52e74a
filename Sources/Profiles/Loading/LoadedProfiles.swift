/// The outcome of reading profiles: the usable ones, and the diagnostics of all files.
public struct LoadedProfiles: Sendable {
    /// In the order of the files' names and, within a file, as they are written.
    public var profiles: [Profile]
    /// File by file, in the order in which they were found.
    public var diagnostics: [Diagnostic]
    /// The paths of the files that were read, or are masked, of folders; in order.
    public var files: [String] = []
    /// Files that others replace, mask or change.
    public var overrides: [FileOverride] = []

    public init(profiles: [Profile] = [], diagnostics: [Diagnostic] = []) {
        self.profiles = profiles
        self.diagnostics = diagnostics
    }

    /// Whether any file cannot be used.
    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    static func failed(_ diagnostic: Diagnostic) -> LoadedProfiles {
        LoadedProfiles(diagnostics: [diagnostic])
    }

    mutating func append(_ other: LoadedProfiles) {
        profiles += other.profiles
        diagnostics += other.diagnostics
        files += other.files
        overrides += other.overrides
    }
}
