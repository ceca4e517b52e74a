import JSONText
import Profiles

/// `grater-check merge`: makes one profile of several.
public struct Merge: Sendable {
    /// Files, in the order in which their rules are to come.
    public var paths: [String]
    /// The filter's name; without one, the names of all.
    public var name: String?
    /// The one of `paths` that says who the outcome is for, where they differ.
    public var clientsOf: String?
    /// Who the report is for.
    public var format: ReportFormat

    public init(paths: [String], name: String? = nil, clientsOf: String? = nil, format: ReportFormat = .text) {
        self.paths = paths
        self.name = name
        self.clientsOf = clientsOf
        self.format = format
    }

    /// A filter, as it is enforced and as it is written.
    private struct Part {
        let profile: Profile
        let item: CommentedItem
    }

    /// What fares otherwise in the outcome than in a filter of its own.
    private struct Conflict {
        let filter: String
        let changes: [PolicyChange]
    }

    /// The profile. What its parts treat differently is a finding, for one of them then loses.
    public func run(style: Style) -> Report {
        let parts: [Part]
        let whose: Part
        do {
            parts = try paths.flatMap { try Self.parts(of: $0) }
            whose = try client(of: parts)
        } catch {
            return .unusable("\(error)", style: style)
        }
        let policy = Policy.union(parts.map(\.profile.policy))
        let files = parts.map { $0.profile.location.file }.reduce(into: [String]()) { files, file in
            if !files.contains(file) { files.append(file) }
        }
        let names = files.map { $0.split(separator: "/").last.map(String.init) ?? $0 }.map(SourceText.printable)
        var union = FilterUnion(
            parts[0].item, name: name ?? policy.name,
            heading:
                "# Merged from \(names.joined(separator: " and ")) by grater-check; each says more about its application."
        )
        for part in parts.dropFirst() { union.add(part.item) }
        union.setFlags(of: policy)
        union.setClients(of: whose.item)
        let text = CanonicalText.of(CommentedDocument(filters: [union.item]))
        let remarks = (union.remarks + shadowed(policy, parts, except: union.remarks)).inOrder
        let conflicts = parts.map { part in
            let changes = PolicyComparison(old: part.profile.policy, new: policy).changes()
            return Conflict(filter: part.profile.name, changes: changes.filter(\.isConflict))
        }.filter { !$0.changes.isEmpty }
        let status = conflicts.isEmpty ? Report.Status.fine : .findings
        guard format == .text else { return json(text, remarks, conflicts, status) }
        var report = Report(text: text, status: status)
        var diagnostics = DiagnosticText(style: style)
        for remark in remarks {
            for line in diagnostics.lines(of: remark) { report.remark(line) }
        }
        var differences = DiffText(style: style)
        for conflict in conflicts {
            report.remark(style.bold("For '\(conflict.filter)' the outcome is not what its own profile is:"))
            for line in conflict.changes.flatMap({ differences.lines(of: $0) }) { report.remark(line) }
        }
        return report
    }

    private static func parts(of path: String) throws -> [Part] {
        let bytes = try TextFile.read(path)
        let loaded = try ProfileChoice.parse(bytes, file: path)
        guard !loaded.profiles.isEmpty else { throw ProfileChoice.Failure.noFilter(file: path) }
        let items = try CommentedDocument(bytes, file: path).canonical.filters
        return zip(loaded.profiles, items).map { Part(profile: $0, item: $1) }
    }

    /// The part that says who the outcome is for.
    private func client(of parts: [Part]) throws(DifferentClients) -> Part {
        let candidates = parts.filter { clientsOf == nil || $0.profile.location.file == clientsOf }
        guard let first = candidates.first else { throw .notOneOfThem(clientsOf ?? "") }
        let other = candidates.first { $0.profile.qualifiers != first.profile.qualifiers }
        if let other { throw .differ(first.profile.location, other.profile.location) }
        return first
    }

    private enum DifferentClients: Error, CustomStringConvertible {
        case differ(SourceLocation, SourceLocation)
        case notOneOfThem(String)

        var description: String {
            switch self {
            case .differ(let one, let other):
                "\(one) and \(other) are for different clients, and each would get the other's rules: say by --clients-of FILE whose are meant"
            case .notOneOfThem(let path): "--clients-of: '\(path)' is not one of the files to merge"
            }
        }
    }

    /// Rules that never decide any more, for what another filter has before them.
    private func shadowed(_ policy: Policy, _ parts: [Part], except repeated: [Diagnostic]) -> [Diagnostic] {
        let known = Set(parts.flatMap { RuleLint($0.profile.policy).diagnostics() }.map(\.location))
            .union(repeated.map(\.location))
        return RuleLint(policy).diagnostics().filter { !known.contains($0.location) }
    }

    private func json(
        _ text: String, _ remarks: [Diagnostic], _ conflicts: [Conflict], _ status: Report.Status
    ) -> Report {
        let conflicts = conflicts.map { conflict in
            JSONValue.object([
                "filter": .string(conflict.filter), "changes": .array(conflict.changes.map(\.json)),
            ])
        }
        return .json(
            .object([
                "profile": .string(text), "remarks": .array(remarks.map(\.json)), "conflicts": .array(conflicts),
            ]), of: "merge", status: status)
    }
}

extension PolicyChange {
    /// Whether it is more than a command that another filter allows.
    fileprivate var isConflict: Bool {
        switch self {
        case .allowed: false
        case .denied, .treated, .other: true
        }
    }
}
