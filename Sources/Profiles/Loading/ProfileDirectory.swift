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

    /// The vendor's folder and the administrator's, which overrides it; and those that Whonix's onion-grater-merger unites.
    public static let standard = [
        ProfileDirectory("/usr/share/onion-grater/profiles.d", isRequired: false),
        ProfileDirectory("/etc/onion-grater.d", isRequired: false),
        ProfileDirectory("/etc/onion-grater-merger.d", isRequired: false, isMerged: true),
        ProfileDirectory("/usr/local/etc/onion-grater-merger.d", isRequired: false, isMerged: true),
    ]

    /// Reads the profiles of several folders. A file in a later one replaces those of the same name in earlier ones,
    /// even if it cannot be used; a link to /dev/null replaces them with nothing. Drop-ins of all folders change who the
    /// profiles are for. A file that has several names is read once, under the name that the first folder has. The order of
    /// the result depends on the files' names alone. Whatever cannot be read is a diagnostic and is left out; so is a profile
    /// whose drop-in cannot be used, and all that a folder which cannot be read may replace.
    public static func load(_ directories: [ProfileDirectory]) -> LoadedProfiles {
        var result = LoadedProfiles()
        var files: [String: FoundFile] = [:]
        for (order, directory) in directories.enumerated() {
            guard let names = directory.fileNames(&result.diagnostics) else {
                result.diagnostics += files.values.map(\.path).sorted().map { directory.leavesOut($0) }
                files = [:]
                continue
            }
            for name in names.sorted() {
                let path = directory.file(named: name)
                let file = FoundFile(name: name, path: path, isMerged: directory.isMerged, order: order)
                if let earlier = files.updateValue(file, forKey: name) {
                    let kind: FileOverride.Kind =
                        RegularFile.isNull(path)
                        ? .masked : .replaced(isOutdated: RegularFile.isNewer(earlier.path, than: path))
                    result.overrides.append(FileOverride(path: earlier.path, replacement: path, kind: kind))
                }
            }
        }
        let dropIns = DropIns(directories, &result)
        let read = withoutRepetitions(files, &result.diagnostics)
        dropIns.reportIdle(besides: Set(read.map(\.name)), &result.diagnostics)
        for file in read.sorted(by: { $0.name < $1.name }) {
            var loaded = ProfileFile.load(file.path, isMerged: file.isMerged)
            dropIns.apply(to: &loaded, name: file.name, path: file.path)
            result.append(loaded)
            result.files.append(file.path)
        }
        result.diagnostics += repeatedNames(result.profiles)
        return result
    }

    /// Nobody knows what it replaces, masks or narrows, so what is in earlier folders is not used without it.
    private func leavesOut(_ profile: String) -> Diagnostic {
        Diagnostic(
            .error, .unreadableFile, at: .whole(profile),
            "is left out: the folder \(printable(path)), which may change it, cannot be read")
    }

    /// A file that counts for a name.
    private struct FoundFile {
        let name: String
        let path: String
        let isMerged: Bool
        /// The place of its folder among the folders.
        let order: Int
    }

    /// A link to a profile that is read anyway is no second one, which would be for the same clients.
    private static func withoutRepetitions(
        _ files: [String: FoundFile], _ diagnostics: inout [Diagnostic]
    ) -> [FoundFile] {
        var first: [RegularFile.Identity: String] = [:]
        return files.values.sorted { ($0.order, $0.name) < ($1.order, $1.name) }.filter { file in
            guard let identity = RegularFile.identity(file.path) else { return true }
            guard let other = first[identity] else {
                first[identity] = file.path
                return true
            }
            diagnostics.append(
                Diagnostic(
                    .note, .sameFile, at: .whole(file.path),
                    "is the same file as \(printable(other)), which is read already"))
            return false
        }
    }

    /// The folders directly in it that have profiles, by name.
    public var foldersWithProfiles: [String] {
        guard case .names(let names) = listing() else { return [] }
        return names.filter { !DropIns.isFolder($0) }.sorted().map(file).filter { path in
            guard case .names(let names) = ProfileDirectory(path).listing() else { return false }
            return names.contains(where: ProfileFile.isName)
        }
    }

    /// The folders in it whose files change who its profiles, or those of the same names elsewhere, are for.
    package var dropInFolders: [ProfileDirectory] {
        guard case .names(let names) = listing() else { return [] }
        return names.filter(DropIns.isFolder).sorted().map { ProfileDirectory(file(named: $0)) }
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

    /// The names in it that are profiles'; nil, and an error, if the folder cannot be read.
    func fileNames(_ diagnostics: inout [Diagnostic]) -> [String]? {
        let names: [String]
        switch listing() {
        case .names(let found): names = found
        case .failure(ENOENT) where !isRequired: return []
        case .failure(let reason):
            diagnostics.append(
                Diagnostic(
                    .error, .unreadableFile, at: .whole(path),
                    "this folder cannot be read: \(SystemError.text(reason))"))
            return nil
        }
        for name in names.sorted() where name.hasSuffix(".yaml") {
            diagnostics.append(
                Diagnostic(
                    .warning, .notRead, at: .whole("\(path)/\(name)"),
                    "is not read: its name does not end in '.yml'",
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
