import Profiles

/// Finds the profile that a person means by a path, and maybe a filter's name.
package enum ProfileChoice {
    /// Why there is no such policy.
    package enum Failure: Error {
        /// The file cannot be used, which its diagnostics explain.
        case broken(file: String, [Diagnostic])
        case noFilter(file: String)
        case severalFilters(file: String, names: [String])
        case noSuchFilter(file: String, name: String, names: [String])
        /// The client would be refused: no filter is for it.
        case noFilterMatches([PolicyTable.NearMiss])
        /// The client would be refused: more than one filter is for it.
        case severalFiltersMatch([String])
    }

    /// The filters of a file, or of all profiles in a folder. `-` is standard input; a pipe will do, too. A drop-in is looked at
    /// by itself, and has no filters.
    package static func load(_ path: String) -> LoadedProfiles {
        switch TextFile.kind(of: path) {
        case .folder:
            let loaded = ProfileDirectory.load([ProfileDirectory(path)])
            guard loaded.files.isEmpty, !loaded.hasErrors else { return loaded }
            return LoadedProfiles(diagnostics: loaded.diagnostics + [emptyFolder(path)])
        case .null:
            return LoadedProfiles(
                diagnostics: [
                    Diagnostic(
                        .note, .maskedFile, at: .whole(path), "is a link to /dev/null: it masks a profile of this name")
                ])
        case .stream:
            do {
                return ProfileFile.parse(try TextFile.read(path), file: path)
            } catch {
                return LoadedProfiles(diagnostics: [Diagnostic(.error, .unreadableFile, at: .whole(path), error.reason)]
                )
            }
        case .absent, .file:
            return DropIns.isDropIn(path) ? LoadedProfiles(diagnostics: DropIns.check(path)) : ProfileFile.load(path)
        }
    }

    /// The filters of files, one by one, and of folders, as the daemon would read these one after the other: what is told of
    /// folders stands where the first one was named. Without any paths, what the daemon reads if it is told nothing else.
    package static func loadAll(_ paths: [String]) -> [(path: String, loaded: LoadedProfiles)] {
        guard !paths.isEmpty else { return [installed()] }
        let folders = paths.filter { TextFile.kind(of: $0) == .folder }
        var result = [(path: String, loaded: LoadedProfiles)]()
        for path in paths {
            if folders.count < 2 || TextFile.kind(of: path) != .folder {
                result.append((path, load(path)))
            } else if path == folders.first {
                var loaded = ProfileDirectory.load(folders.map { ProfileDirectory($0) })
                // A folder may have drop-ins for another's profiles, and nothing else.
                for folder in folders where ProfileDirectory(folder).dropInFolders.isEmpty {
                    loaded.diagnostics += load(folder).files.isEmpty ? [emptyFolder(folder)] : []
                }
                result.append((path, loaded))
            }
        }
        return result
    }

    private static func installed() -> (path: String, loaded: LoadedProfiles) {
        let folders = ProfileDirectory.standard.map(\.path)
        var loaded = ProfileDirectory.load(ProfileDirectory.standard)
        if loaded.files.isEmpty {
            loaded.diagnostics.append(
                Diagnostic(
                    .error, .emptyFolder, at: .whole(folders[0]),
                    "no profile is installed, here or in \(folders.dropFirst().joined(separator: ", "))"))
        }
        return (folders[0], loaded)
    }

    /// Whether a path is a link to /dev/null, as administrators make to mask a profile.
    package static func isMask(_ path: String) -> Bool { TextFile.kind(of: path) == .null }

    /// That a folder has no profiles: a mistyped path must not look like one without findings.
    private static func emptyFolder(_ path: String) -> Diagnostic {
        let deeper = ProfileDirectory(path).foldersWithProfiles
        return Diagnostic(
            .error, .emptyFolder, at: .whole(path), "there is no profile (*.yml) in this folder",
            suggestion: deeper.isEmpty ? nil : "there are some in \(deeper.joined(separator: ", ")): name that")
    }

    /// The filters of a text that is a profile, which may be none. Throws `broken` if it cannot be used.
    package static func parse(_ bytes: [UInt8], file: String) throws(Failure) -> LoadedProfiles {
        let loaded = ProfileFile.parse(bytes, file: file)
        guard !loaded.hasErrors else { throw .broken(file: file, loaded.diagnostics) }
        return loaded
    }

    /// The filter that the daemon would choose.
    package static func policy(of loaded: LoadedProfiles, for client: ClientDescription) throws(Failure) -> Policy {
        switch PolicyTable(loaded.profiles).choose(for: client) {
        case .policy(let policy): return policy
        case .none(let nearest): throw .noFilterMatches(nearest)
        case .ambiguous(let matches): throw .severalFiltersMatch(matches.map(\.description))
        }
    }

    /// The filter called `name`, or without a name the only one there is.
    package static func policy(of loaded: LoadedProfiles, file: String, filter name: String?) throws(Failure) -> Policy
    {
        let policies = loaded.profiles.map(\.policy)
        guard !policies.isEmpty else {
            if loaded.hasErrors { throw .broken(file: file, loaded.diagnostics) }
            throw .noFilter(file: file)
        }
        let names = policies.map(\.name)
        if let name {
            guard let policy = policies.first(where: { $0.name == name }) else {
                throw .noSuchFilter(file: file, name: name, names: names)
            }
            return policy
        }
        guard policies.count == 1 else { throw .severalFilters(file: file, names: names) }
        return policies[0]
    }
}

extension ProfileChoice.Failure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .broken(let file, let diagnostics):
            Self.broken(file, diagnostics.filter { $0.severity == .error })
        case .noFilter(let file): "\(file): there is no filter in it"
        case .severalFilters(let file, let names):
            "\(file) has several filters, so say which: \(names.joined(separator: ", "))"
        case .noSuchFilter(let file, let name, let names):
            "\(file) has no filter called '\(name)'; its filters are: \(names.joined(separator: ", "))"
        case .noFilterMatches(let nearest): Self.explain(nearest)
        case .severalFiltersMatch(let names):
            "several filters are for this client, so none is used, and it would be refused: \(names.joined(separator: ", "))"
        }
    }

    private static func explain(_ nearest: [PolicyTable.NearMiss]) -> String {
        let reasons = nearest.map { miss in
            "\n  '\(miss.name)' (\(miss.location)): \(miss.mismatches.map(\.description).joined(separator: "; "))"
        }
        return "no filter is for this client, and it would be refused" + (reasons.isEmpty ? "" : "; the nearest are")
            + reasons.joined()
    }

    private static func broken(_ file: String, _ errors: [Diagnostic]) -> String {
        guard let first = errors.first else { return "\(file) cannot be used" }
        if errors.count == 1, first.location == .whole(file) { return "\(file) \(first.message)" }
        let rest = errors.count == 1 ? "" : ", and \(errors.count - 1) more"
        return "\(file) cannot be used: \(first.message) at \(first.location)\(rest) (grater-check lint shows them)"
    }
}
