import JSONText
import Profiles

/// `grater-check diff`: what a new version of a profile, or of a folder of profiles, lets through that the old one did not, and
/// the reverse.
public struct Diff: Sendable {
    /// The path of a profile, or of a folder.
    public var old: String
    /// The path of the newer one, of the same kind.
    public var new: String
    /// The filter's name, where a file has several.
    public var filter: String?
    /// Which differences are findings.
    public var denied: DifferenceLevel
    /// Who the report is for.
    public var format: ReportFormat

    public init(
        old: String, new: String, filter: String? = nil, denied: DifferenceLevel = .any, format: ReportFormat = .text
    ) {
        self.old = old
        self.new = new
        self.filter = filter
        self.denied = denied
        self.format = format
    }

    /// A difference of the denied level is a finding.
    public func run(style: Style) -> Report {
        let folders = [old, new].filter { TextFile.kind(of: $0) == .folder }
        if folders.count == 1 {
            return .unusable("'\(folders[0])' is a folder, and the other is not: compare two of a kind", style: style)
        }
        do {
            return folders.isEmpty || filter != nil ? try compareFilters(style) : try compareFolders(style)
        } catch {
            return .unusable("\(error)", style: style)
        }
    }

    private func compareFilters(_ style: Style) throws(ProfileChoice.Failure) -> Report {
        let changes = ProfileDifference.changes(from: try profile(in: old), to: try profile(in: new))
        var text = DiffText(style: style)
        return report(changes, widens: \.widens, json: \.json) { text.lines(of: $0) }
    }

    private func compareFolders(_ style: Style) throws(ProfileChoice.Failure) -> Report {
        let differences = ProfileDifference.list(from: try profiles(in: old), to: try profiles(in: new))
        var text = DiffText(style: style)
        return report(differences, widens: \.widens, json: \.json) { text.lines(of: $0) }
    }

    private func report<Difference>(
        _ differences: [Difference], widens: KeyPath<Difference, Bool>, json: KeyPath<Difference, JSONValue>,
        lines: (Difference) -> [String]
    ) -> Report {
        let findings = denied == .any ? differences.count : differences.count { $0[keyPath: widens] }
        let status = findings > 0 ? Report.Status.findings : .fine
        guard format == .text else {
            return .json(.array(differences.map { $0[keyPath: json] }), of: "diff", status: status)
        }
        var report = Report(status: status)
        for line in differences.flatMap(lines) { report.print(line) }
        if differences.isEmpty { report.print("no differences") }
        return report
    }

    private func profile(in path: String) throws(ProfileChoice.Failure) -> Profile {
        let loaded = ProfileChoice.load(path)
        let policy = try ProfileChoice.policy(of: loaded, file: path, filter: filter)
        guard let profile = loaded.profiles.first(where: { $0.name == policy.name }) else {
            throw .noFilter(file: path)
        }
        return profile
    }

    private func profiles(in folder: String) throws(ProfileChoice.Failure) -> [Profile] {
        let loaded = ProfileChoice.load(folder)
        guard !loaded.hasErrors else { throw .broken(file: folder, loaded.diagnostics) }
        return loaded.profiles
    }
}
