import Profiles

/// What a change does to one profile.
struct ProfileDifference {
    enum Kind {
        /// It is in both, and these changes are in what it does.
        case changed([PolicyChange])
        /// Only the new folder has it.
        case added(Profile)
        /// Only the old folder has it.
        case removed(Profile)
    }

    let name: String
    let kind: Kind

    /// Whether a client may get more than before.
    var widens: Bool {
        switch kind {
        case .changed(let changes): changes.contains(where: \.widens)
        case .added: true
        case .removed: false
        }
    }

    /// The changes from one version of a profile to the next.
    static func changes(from old: Profile, to new: Profile) -> [PolicyChange] {
        let comparison = PolicyComparison(old: old.policy, new: new.policy)
        let isForOthers = old.qualifiers != new.qualifiers
        return comparison.changes()
            + (isForOthers ? [.other("it is for other clients (the keys that say which)")] : [])
    }

    /// What is different between two sets of profiles, by name. Profiles without a difference are left out. Several of one name
    /// are compared in the order of their files: none hides behind another.
    static func list(from old: [Profile], to new: [Profile]) -> [ProfileDifference] {
        let before = Dictionary(grouping: old, by: \.name)
        let now = Dictionary(grouping: new, by: \.name)
        return Set(before.keys).union(now.keys).sorted().flatMap { name in
            let (before, now) = (before[name] ?? [], now[name] ?? [])
            let common = min(before.count, now.count)
            let changed = zip(before, now).map { changes(from: $0, to: $1) }.filter { !$0.isEmpty }
            return changed.map { ProfileDifference(name: name, kind: .changed($0)) }
                + now.dropFirst(common).map { ProfileDifference(name: name, kind: .added($0)) }
                + before.dropFirst(common).map { ProfileDifference(name: name, kind: .removed($0)) }
        }
    }
}
