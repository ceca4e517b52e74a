import Profiles

/// A profile by the name of its file, among all that the daemon reads.
struct ChosenProfile {
    private let profile: Profile
    private let all: LoadedProfiles

    /// The file that it is in.
    var path: String { profile.location.file }

    /// Throws why the daemon does not have it, or does not have it with one filter.
    init(_ name: ProfileName, in folders: [ProfileDirectory]) throws(SetupFailure) {
        let loaded = ProfileDirectory.load(folders)
        let file = "/\(name).yml"
        let profiles = loaded.profiles.filter { $0.location.file.hasSuffix(file) }
        guard let profile = profiles.first else { throw Self.absence(of: name, among: loaded) }
        guard profiles.count == 1 else {
            throw SetupFailure(
                "\(profile.location.file) has \(profiles.count) filters, and all of them would be for the same clients: "
                    + "write a drop-in with their names (onion-grater.d(5))")
        }
        self.profile = profile
        all = loaded
    }

    /// Throws if clients of this profile certainly match another one too: they would be refused.
    func checkIsAlone() throws(SetupFailure) {
        for conflict in SharedClients.conflicts(among: all.profiles) where conflict.isCertain {
            let files = ([conflict.profile] + conflict.others).map(\.location.file)
            guard files.contains(path) else { continue }
            throw SetupFailure("\(conflict.diagnostic(.error))")
        }
    }

    private static func absence(of name: ProfileName, among loaded: LoadedProfiles) -> SetupFailure {
        let file = "\(name).yml"
        if let mask = loaded.overrides.first(where: { $0.kind == .masked && $0.path.hasSuffix("/" + file) }) {
            return SetupFailure("\(mask.diagnostic): remove that link first")
        }
        let isRead = loaded.files.contains { $0.hasSuffix("/" + file) }
        if isRead {
            let errors = loaded.diagnostics.filter { $0.severity == .error && $0.location.file.contains("/" + file) }
            return SetupFailure(
                (errors.isEmpty ? ["\(file) has no filter"] : errors.map(\.description)).joined(separator: "\n"))
        }
        let names = loaded.files.compactMap { $0.split(separator: "/").last }.map { String($0.dropLast(4)) }
        let hint =
            Spelling.suggestion(for: name.description, among: names)
            ?? (names.isEmpty ? "no profile is installed" : "known: \(names.joined(separator: ", "))")
        return SetupFailure("there is no profile '\(name)' (\(hint))")
    }
}
