import Profiles

/// Which rules of the profiles that transcripts play were needed in any of them.
struct RuleCoverage {
    private(set) var listed = Set<ListedRule>()
    private var used = Set<SourceLocation>()

    mutating func add(_ policy: Policy, used locations: Set<SourceLocation>) {
        listed.formUnion(policy.listedRules)
        used.formUnion(locations)
    }

    mutating func merge(_ other: RuleCoverage) {
        listed.formUnion(other.listed)
        used.formUnion(other.used)
    }

    /// In the order of the files and of their lines.
    var missed: [ListedRule] {
        listed.filter { !used.contains($0.location) }.sorted {
            ($0.location.file, $0.location.line, $0.location.column)
                < ($1.location.file, $1.location.line, $1.location.column)
        }
    }

    /// From 0 to 100, rounded down; 100 where there are no rules.
    var percentage: Int { listed.isEmpty ? 100 : (listed.count - missed.count) * 100 / listed.count }
}
