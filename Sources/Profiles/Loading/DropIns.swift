import Glibc

/// The drop-ins of profiles: the files `*.yml` in folders called `NAME.yml.d`, in any folder of profiles.
///
/// As with systemd's units, they are applied in the order of their names, whatever folder they are in; one in a later folder
/// replaces that of the same name in an earlier one, and a link to /dev/null takes it away.
package struct DropIns {
    /// Those of one profile.
    private struct Files {
        /// The paths, by the files' names.
        var paths: [String: String] = [:]
        /// A folder that cannot be read, so that nobody knows what is in it.
        var unreadableFolder: String?
    }

    private static let suffix = ".d"

    /// By the names of the profiles' files.
    private var files: [String: Files] = [:]

    /// Whether a folder of this name holds drop-ins.
    package static func isFolder(_ name: String) -> Bool {
        name.hasSuffix(suffix) && ProfileFile.isName(String(name.dropLast(suffix.count)))
    }

    /// Whether a file is a drop-in, by its name and that of the folder it is in.
    package static func isDropIn(_ path: String) -> Bool {
        let names = path.split(separator: "/").suffix(2).map(String.init)
        return names.count == 2 && isFolder(names[0]) && ProfileFile.isName(names[1])
    }

    /// What is wrong with a drop-in by itself, whatever its profile says.
    package static func check(_ path: String) -> [Diagnostic] { read(path).diagnostics }

    /// Finds all there are, and notes in `loaded` which of them replace others.
    init(_ directories: [ProfileDirectory], _ loaded: inout LoadedProfiles) {
        for directory in directories {
            guard case .names(let names) = directory.listing() else { continue }
            for name in names.sorted() where Self.isFolder(name) {
                add(
                    ProfileDirectory(directory.file(named: name)), of: String(name.dropLast(Self.suffix.count)), &loaded
                )
            }
        }
    }

    private mutating func add(_ folder: ProfileDirectory, of profile: String, _ loaded: inout LoadedProfiles) {
        guard let names = folder.fileNames(&loaded.diagnostics) else {
            files[profile, default: Files()].unreadableFolder = folder.path
            return
        }
        for name in names.sorted() {
            let path = folder.file(named: name)
            guard let earlier = files[profile, default: Files()].paths.updateValue(path, forKey: name) else { continue }
            let kind: FileOverride.Kind = RegularFile.isNull(path) ? .masked : .replaced(isOutdated: false)
            loaded.overrides.append(FileOverride(path: earlier, replacement: path, kind: kind))
        }
    }

    /// Reports drop-ins of profiles that are not there, or are read under another name.
    func reportIdle(besides profiles: Set<String>, _ diagnostics: inout [Diagnostic]) {
        for (name, files) in files.sorted(by: { $0.key < $1.key }) where !profiles.contains(name) {
            for path in files.paths.values.sorted() where !RegularFile.isNull(path) {
                diagnostics.append(
                    Diagnostic(
                        .warning, .idleDropIn, at: .whole(path),
                        "has no effect: there is no profile \(printable(name))"))
            }
        }
    }

    /// Changes the filters of a profile. After any error there are none left: a drop-in may be what keeps a client out, so the
    /// profile is not used without it.
    func apply(to loaded: inout LoadedProfiles, name: String, path profile: String) {
        guard let files = files[name], !loaded.profiles.isEmpty else { return }
        var unusable = files.unreadableFolder
        for (_, path) in files.paths.sorted(by: { $0.key < $1.key }) where !RegularFile.isNull(path) {
            loaded.overrides.append(FileOverride(path: profile, replacement: path, kind: .extended))
            let (dropIn, diagnostics) = Self.read(path)
            loaded.diagnostics += diagnostics
            switch dropIn?.apply(to: loaded.profiles) {
            case .success(let changed):
                var reader = ProfileReader(file: path)
                for profile in changed {
                    reader.checkWhoMatches(profile.qualifiers, at: .whole(path))
                    reader.checkListeners(profile.policy, profile.qualifiers, at: .whole(path))
                }
                loaded.diagnostics += reader.diagnostics.items
                loaded.profiles = changed
            case .failure(let diagnostic):
                loaded.diagnostics.append(diagnostic)
                unusable = path
            case nil: unusable = path
            }
        }
        guard let unusable else { return }
        loaded.profiles = []
        loaded.diagnostics.append(
            Diagnostic(
                .error, .brokenDropIn, at: .whole(profile),
                "is left out: its drop-in \(printable(unusable)) cannot be used"))
    }

    /// Nil if it cannot be used.
    private static func read(_ path: String) -> (dropIn: QualifierDropIn?, diagnostics: [Diagnostic]) {
        switch RegularFile.read(path, limit: ProfileFile.maximumSize) {
        case .null: return (QualifierDropIn(entries: []), [])
        case .failure(let reason): return (nil, [Diagnostic(.error, .unreadableFile, at: .whole(path), reason)])
        case .bytes(let bytes):
            do {
                let (dropIn, diagnostics) = ProfileReader.readDropIn(try YAMLReader.read(bytes, file: path), file: path)
                return (diagnostics.contains { $0.severity == .error } ? nil : dropIn, diagnostics)
            } catch {
                return (nil, [error])
            }
        }
    }
}
