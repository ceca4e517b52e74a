/// The changes of one drop-in: it says which clients a profile is for, and nothing else.
///
/// So an administrator can say how an application is known on this machine, and still get what a new version of the package
/// changes in the rules. A drop-in that could change the rules as well would be a profile that nobody reads in one piece.
public struct QualifierDropIn: Sendable {
    /// One entry of a drop-in's list.
    struct Entry: Sendable {
        /// The filter that it is about; nil: all filters of the profile.
        var filter: String?
        /// The keys that it gives. Those with a list replace the filter's; the others are taken away.
        var keys: [Qualifier] = []
        /// The lists.
        var qualifiers = Qualifiers()
        let location: SourceLocation
    }

    let entries: [Entry]

    /// The filters of a profile as this drop-in changes them, or what is wrong with it.
    func apply(to profiles: [Profile]) -> Result<[Profile], Diagnostic> {
        var result = profiles
        for entry in entries {
            let chosen = profiles.indices.filter { entry.filter == nil || profiles[$0].name == entry.filter }
            guard !chosen.isEmpty else {
                let names = profiles.map(\.name)
                return .failure(
                    Diagnostic(
                        .error, .noSuchFilter, at: entry.location,
                        "the profile has no filter called \(quoted(entry.filter ?? ""))",
                        suggestion: Spelling.suggestion(for: entry.filter ?? "", among: names)
                            ?? "it has \(quotedList(names, "and"))"))
            }
            for index in chosen {
                var qualifiers = result[index].qualifiers
                for key in entry.keys { qualifiers.take(key, from: entry.qualifiers) }
                result[index] = result[index].with(qualifiers)
            }
        }
        return .success(result)
    }
}
