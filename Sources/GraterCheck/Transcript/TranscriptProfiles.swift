import Profiles

extension Transcript {
    /// Runs every session of the transcript with the profile that it names, fed in every way.
    ///
    /// - Returns: at most one failure for each session; empty if everything is as written.
    public func run() -> [TranscriptFailure] {
        var coverage = RuleCoverage()
        return run(&coverage)
    }

    /// The same, and notes which rules decided about anything.
    func run(_ coverage: inout RuleCoverage) -> [TranscriptFailure] {
        var loaded = [SessionSettings.Profile: LoadedProfiles]()
        return run(
            policy: { settings in
                guard let profile = settings.profile else { throw MissingProfile() }
                let (profiles, path) = (loaded[profile] ?? load(profile), path(of: profile))
                loaded[profile] = profiles
                return try ProfileChoice.policy(of: profiles, file: path, filter: settings.filter)
            }, &coverage)
    }

    /// A session without the setting `profile`.
    private struct MissingProfile: Error, CustomStringConvertible {
        var description: String { "no profile is given; write 'profile: FILE' before what is said" }
    }

    private func load(_ profile: SessionSettings.Profile) -> LoadedProfiles {
        switch profile {
        case .file: ProfileFile.load(path(of: profile))
        case .inline(let text): ProfileFile.parse(text, file: file)
        }
    }

    /// Seen from the folder of the transcript.
    private func path(of profile: SessionSettings.Profile) -> String {
        switch profile {
        case .inline: return file
        case .file(let name) where name.hasPrefix("/"): return name
        case .file(let name):
            let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
            return folder + name
        }
    }
}
