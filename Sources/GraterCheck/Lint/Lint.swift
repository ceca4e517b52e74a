import JSONText
import Profiles

/// `grater-check lint`: reports problems in profiles.
public struct Lint: Sendable {
    /// Files and folders; where there are none, the folders that the daemon reads. Folders are read together as the daemon
    /// reads them: a file in a later one replaces those of the same name.
    public var paths: [String]
    /// From which level on a diagnostic is a finding.
    public var denied: DeniedLevel
    /// How the findings are reported.
    public var format: FindingFormat

    /// What makes the exit status 1.
    public enum DeniedLevel: String, Sendable, CaseIterable {
        case error, warning, note
    }

    public init(paths: [String], denied: DeniedLevel = .error, format: FindingFormat = .text) {
        self.paths = paths
        self.denied = denied
        self.format = format
    }

    /// Corrects the files where there is only one remedy, and then reports what is left.
    public func fix(style: Style) -> Report {
        var corrections = Report()
        do {
            for file in Set(ProfileChoice.loadAll(paths).flatMap(\.loaded.profiles).map(\.location.file)).sorted() {
                let old = String(decoding: try TextFile.read(file), as: UTF8.self)
                let correction = LintFix(old, file: file)
                guard !correction.fixed.isEmpty else { continue }
                try TextFile.replace(file, with: correction.text)
                for diagnostic in correction.fixed {
                    corrections.remark("\(style.green("fixed")) \(diagnostic.location): \(diagnostic.message)")
                }
            }
        } catch {
            return .unusable("\(error)", style: style)
        }
        var report = run(style: style)
        report.remarks = corrections.remarks + report.remarks
        return report
    }

    /// The diagnostics of all profiles. Those of the denied level and above are findings.
    public func run(style: Style) -> Report {
        let diagnostics = self.diagnostics()
        let status = diagnostics.contains { denied.includes($0.severity) } ? Report.Status.findings : .fine
        if format == .json { return .json(.array(diagnostics.map(\.json)), of: "lint", status: status) }
        let findings = diagnostics.map { ReportedFinding($0, isDenied: denied.includes($0.severity)) }
        if let report = ReportedFinding.report(findings, as: format, status: status) { return report }
        var report = Report(status: status)
        var text = DiagnosticText(style: style)
        for diagnostic in diagnostics {
            for line in text.lines(of: diagnostic) { report.print(line) }
        }
        let counts = [Diagnostic.Severity.error, .warning, .note].compactMap { severity -> String? in
            let count = diagnostics.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        report.print(counts.isEmpty ? "no findings" : counts.joined(separator: ", "))
        return report
    }

    /// What the loader says of the files, what is wrong with their rules, and with all of them together.
    private func diagnostics() -> [Diagnostic] {
        var diagnostics = [Diagnostic]()
        var profiles = [Profile]()
        for (path, loaded) in ProfileChoice.loadAll(paths) {
            diagnostics += loaded.diagnostics + loaded.overrides.map(\.diagnostic)
            if loaded.hasErrors, Self.looksLikeSubcommand(path) {
                diagnostics.append(
                    Diagnostic(
                        .note, .mistakenSubcommand, at: .whole(path),
                        "this was taken for a file: it is not a subcommand",
                        suggestion: Spelling.suggestion(for: path, among: Self.subcommands)
                            ?? "grater-check --help lists them"))
            }
            diagnostics += loaded.profiles.flatMap { RuleLint($0.policy).diagnostics() }
            profiles += loaded.profiles
        }
        diagnostics += SharedClients.conflicts(among: profiles).map { $0.diagnostic($0.isCertain ? .error : .warning) }
        diagnostics += UserUnits.diagnostics(profiles)
        diagnostics += AcceptanceLint.diagnostics(profiles)
        return diagnostics.inOrder
    }
}

extension Lint.DeniedLevel {
    fileprivate func includes(_ severity: Diagnostic.Severity) -> Bool {
        switch (self, severity) {
        case (.note, _), (_, .error), (.warning, .warning): true
        case (.error, _), (.warning, .note): false
        }
    }
}

extension Lint {
    private static let subcommands = [
        "lint", "audit", "diff", "try", "test", "run", "learn", "identify", "fmt", "convert", "merge", "schema",
    ]

    /// Whether a path that cannot be read is most likely a subcommand with a typing error.
    private static func looksLikeSubcommand(_ path: String) -> Bool {
        path.allSatisfy { $0.isASCII && $0.isLetter } && (try? TextFile.read(path)) == nil
    }
}

extension [Diagnostic] {
    /// By place within a file, files in the order in which they come.
    var inOrder: [Diagnostic] {
        var order = [String: Int]()
        for diagnostic in self where order[diagnostic.location.file] == nil {
            order[diagnostic.location.file] = order.count
        }
        return enumerated().sorted { first, second in
            let (one, other) = (first.element.location, second.element.location)
            return (order[one.file] ?? 0, one.line, one.column, first.offset)
                < (order[other.file] ?? 0, other.line, other.column, second.offset)
        }.map(\.element)
    }
}

extension Diagnostic {
    var json: JSONValue {
        .object([
            "severity": .string(severity.rawValue), "code": .string(code.rawValue), "location": location.json,
            "message": .string(message),
            "suggestion": .optional(suggestion),
        ])
    }
}
