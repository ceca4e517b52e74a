import JSONText
import Profiles

/// `grater-check diff`: what a new version of a profile lets through that the old one did not, and the reverse.
public struct Diff: Sendable {
    /// Paths of profiles.
    public var old: String
    /// The path of the newer one.
    public var new: String
    /// The filter's name, where there are several.
    public var filter: String?
    /// Who the report is for.
    public var format: ReportFormat

    public init(old: String, new: String, filter: String? = nil, format: ReportFormat = .text) {
        self.old = old
        self.new = new
        self.filter = filter
        self.format = format
    }

    /// A difference is a finding.
    public func run(style: Style) -> Report {
        let changes: [PolicyChange]
        do {
            let before = ProfileChoice.load(old)
            let now = ProfileChoice.load(new)
            let comparison = PolicyComparison(
                old: try ProfileChoice.policy(of: before, file: old, filter: filter),
                new: try ProfileChoice.policy(of: now, file: new, filter: filter))
            changes = comparison.changes() + clients(before, now)
        } catch {
            return .unusable("\(error)", style: style)
        }
        let status = changes.isEmpty ? Report.Status.fine : .findings
        guard format == .text else { return .json(.array(changes.map(\.json)), status: status) }
        var report = Report(status: status)
        var text = DiffText(style: style)
        for change in changes {
            for line in text.lines(of: change) { report.print(line) }
        }
        if changes.isEmpty { report.print("no differences") }
        return report
    }

    /// Whether they are for the same clients.
    private func clients(_ before: LoadedProfiles, _ now: LoadedProfiles) -> [PolicyChange] {
        func qualifiers(_ loaded: LoadedProfiles) -> Qualifiers? {
            loaded.profiles.first { filter == nil || $0.name == filter }?.qualifiers
        }
        return qualifiers(before) == qualifiers(now) ? [] : [.other("it is for other clients (the keys that say who)")]
    }
}
