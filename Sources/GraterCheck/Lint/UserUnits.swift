import Profiles

/// Finds filters that any program of a user can have for itself, because they only require it to be in a certain unit of
/// the user's own manager.
enum UserUnits {
    static func diagnostics(_ profiles: [Profile]) -> [Diagnostic] {
        profiles.compactMap { profile in
            let who = profile.qualifiers
            let isToldBySomethingElse = [who.apparmorProfiles, who.flatpaks, who.sockets].contains {
                $0?.contains(.any) == false
            }
            guard !isToldBySomethingElse, let unit = who.units?.first(where: \.isOfUser) else { return nil }
            return Diagnostic(
                .warning, .userUnit, at: profile.location,
                "nothing but '\(unit)' says who this filter is for, and any program of a user can give itself that unit",
                suggestion:
                    "add 'apparmor-profiles' or 'sockets', unless all programs of the user are trusted")
        }
    }
}
