import Glibc

/// A folder of profiles, one `*.yml` file per application.
public struct ProfileDirectory: Sendable, Hashable {
    /// As it was given; it may be relative to the working directory.
    public let path: String
    /// Whether it is an error if the folder does not exist.
    public let isRequired: Bool
    /// Whether the filters in it that match the same client are united instead of being ambiguous.
    public let isMerged: Bool

    public init(_ path: String, isRequired: Bool = true, isMerged: Bool = false) {
        self.path = path
        self.isRequired = isRequired
        self.isMerged = isMerged
    }

    /// The vendor's folder and the administrator's, which overrides it.
    public static let standard = [
        ProfileDirectory("/usr/share/onion-grater/profiles.d", isRequired: false),
        ProfileDirectory("/etc/onion-grater.d", isRequired: false),
    ]

    /// Reads the profiles of several folders. A file in a later one replaces those of the same name in earlier ones,
    /// even if it cannot be used; a link to /dev/null replaces them with nothing. The order of the result depends on the
    /// files' names alone. Whatever cannot be read is a diagnostic and counts as absent.
    public static func load(_ directories: [ProfileDirectory]) -> LoadedProfiles {
        var result = LoadedProfiles()
        var files: [String: (path: String, isMerged: Bool)] = [:]
        for directory in directories {
            for name in directory.fileNames(&result.diagnostics).sorted() {
                let path = directory.file(named: name)
                if let earlier = files.updateValue((path, directory.isMerged), forKey: name) {
                    result.replaced.append(
                        ReplacedFile(path: earlier.path, replacement: path, isMasked: RegularFile.isNull(path)))
                }
            }
        }
        for (_, file) in files.sorted(by: { $0.key < $1.key }) {
            result.append(ProfileFile.load(file.path, isMerged: file.isMerged))
            result.files.append(file.path)
        }
        result.diagnostics += repeatedNames(result.profiles)
        return result
    }

    /// The folders directly in it that have profiles, by name.
    public var foldersWithProfiles: [String] {
        guard case .names(let names) = listing() else { return [] }
        return names.sorted().map(file).filter { path in
            guard case .names(let names) = ProfileDirectory(path).listing() else { return false }
            return names.contains(where: ProfileFile.isName)
        }
    }

    /// The path of a file in it.
    func file(named name: String) -> String {
        path + (path.hasSuffix("/") ? "" : "/") + name
    }

    enum Listing {
        /// In no order; hidden files are not among them, as for a shell's `*`.
        case names([String])
        /// Why the folder cannot be read: an error number.
        case failure(Int32)
    }

    /// What there is in it.
    func listing() -> Listing {
        guard let stream = opendir(path) else { return .failure(errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // By address, for an entry is allocated only as far as its name goes.
            guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { break }
            let name = String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
            if !name.hasPrefix(".") { names.append(name) }
        }
        return .names(names)
    }

    /// The names in it that are profiles'.
    private func fileNames(_ diagnostics: inout [Diagnostic]) -> [String] {
        let names: [String]
        switch listing() {
        case .names(let found): names = found
        case .failure(let reason):
            if reason != ENOENT || isRequired {
                diagnostics.append(
                    Diagnostic(
                        .error, .unreadableFile, at: .whole(path),
                        "this folder cannot be read: \(SystemError.text(reason))"))
            }
            return []
        }
        for name in names.sorted() where name.hasSuffix(".yaml") {
            diagnostics.append(
                Diagnostic(
                    .warning, .notRead, at: .whole("\(path)/\(name)"), "is not read, for profiles end in '.yml'",
                    suggestion: "rename it"))
        }
        return names.filter(ProfileFile.isName)
    }

    private static func repeatedNames(_ profiles: [Profile]) -> [Diagnostic] {
        var first: [String: SourceLocation] = [:]
        var diagnostics: [Diagnostic] = []
        for profile in profiles {
            if let other = first[profile.name] {
                diagnostics.append(
                    Diagnostic(
                        .warning, .repeatedName, at: profile.location,
                        "another filter is called \(quoted(profile.name)) too: \(printable(other.description))",
                        suggestion: "the log will not tell them apart"))
            } else {
                first[profile.name] = profile.location
            }
        }
        return diagnostics
    }
}
