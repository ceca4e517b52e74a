import JSONText
import Profiles

/// `grater-check audit`: reports what profiles give away, with an example each, and what they provably do not.
public struct Audit: Sendable {
    /// Files and folders.
    public var paths: [String]
    /// From which severity on a hazard is a finding.
    public var denied: HazardSeverity
    /// How the findings are reported.
    public var format: FindingFormat
    /// Whether to report them as a page for browsers instead.
    public var isPage: Bool

    public init(
        paths: [String], denied: HazardSeverity = .medium, format: FindingFormat = .text, isPage: Bool = false
    ) {
        self.paths = paths
        self.denied = denied
        self.format = format
        self.isPage = isPage
    }

    /// A hazard of the denied level or above that a client can reach is a finding, and so is one that is not decided, unless the
    /// profile accepts it. What is accepted for no reason is a finding too.
    public func run(style: Style) -> Report {
        var audits = [ProfileAudit]()
        var remarks = [Diagnostic]()
        let sources = ProfileChoice.loadAll(paths)
        var progress = Progress("profiles", of: sources.map(\.loaded.profiles.count).reduce(0, +))
        defer { progress.end() }
        for (path, loaded) in sources {
            remarks += loaded.overrides.map(\.diagnostic)
            if ProfileChoice.isMask(path) {
                remarks += loaded.diagnostics
                continue
            }
            do {
                guard !loaded.hasErrors else { throw ProfileChoice.Failure.broken(file: path, loaded.diagnostics) }
                guard !loaded.profiles.isEmpty else { throw ProfileChoice.Failure.noFilter(file: path) }
            } catch {
                return .unusable("\(error)", style: style)
            }
            for profile in loaded.profiles {
                progress.advance(to: audits.count)
                audits.append(ProfileAudit(of: profile, notes: loaded.diagnostics))
            }
        }
        let isFinding = audits.contains { audit in
            audit.findings.contains {
                $0.isOpen && $0.hazard.severity >= denied && audit.acceptance(of: $0.hazard) == nil
            }
                || !audit.idleAcceptances.isEmpty
        }
        let status = isFinding ? Report.Status.findings : .fine
        if isPage {
            var page = AuditPage(audits)
            return Report(text: page.text, status: status)
        }
        if format == .json { return .json(.array(audits.map(\.json)), of: "audit", status: status) }
        let findings = audits.flatMap { audit in
            audit.findings.filter { $0.isOpen && audit.acceptance(of: $0.hazard) == nil }
                .map { ReportedFinding($0, of: audit, denied: denied) }
                + audit.idleAcceptances.map { ReportedFinding($0, isDenied: true) }
        }
        if let report = ReportedFinding.report(findings, as: format, status: status) { return report }
        var report = Report(status: status)
        var notes = DiagnosticText(style: style)
        for line in remarks.flatMap({ notes.lines(of: $0) }) { report.remark(line) }
        var text = AuditText(style: style)
        for (index, audit) in audits.enumerated() {
            if index > 0 { report.print() }
            for line in text.lines(of: audit) { report.print(line) }
        }
        return report
    }
}

/// All findings of one profile.
struct ProfileAudit {
    let profile: Profile
    let findings: [HazardFinding]
    /// What else is good to know of the filter's file: rules that decide nothing.
    let notes: [Diagnostic]

    init(of profile: Profile, notes: [Diagnostic] = []) {
        self.profile = profile
        self.notes = notes.filter { $0.severity == .note && $0.location.file == profile.location.file }
        let auditor = Auditor(profile)
        findings = HazardCatalogue.all.map { auditor.look(for: $0) }
    }

    /// Why the profile accepts a hazard; nil if it does not.
    func acceptance(of hazard: Hazard) -> AcceptedHazard? { profile.accepted.first { $0.hazard == hazard.id } }

    /// Acceptances of what is no hazard, or none of this profile's.
    var idleAcceptances: [Diagnostic] {
        profile.accepted.compactMap { accepted in
            let finding = findings.first { $0.hazard.id == accepted.hazard }
            guard let finding else { return AcceptanceLint.unknown(accepted) }
            return finding.isOpen
                ? nil
                : Diagnostic(
                    .warning, .unusedAcceptance, at: accepted.location,
                    "'\(accepted.hazard)' is accepted, and no client can reach it", suggestion: "leave it out")
        }
    }

    /// The gravest first.
    var reachable: [HazardFinding] {
        let found = findings.filter { if case .reachable = $0.outcome { true } else { false } }
        return HazardSeverity.allCases.reversed().flatMap { severity in
            found.filter { $0.hazard.severity == severity }
        }
    }
}

extension HazardFinding {
    /// Whether a client can reach it, or might.
    fileprivate var isOpen: Bool {
        switch outcome {
        case .reachable, .undecided: true
        case .hidden, .unreachable: false
        }
    }
}
