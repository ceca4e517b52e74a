import Profiles

/// `grater-check lint`: says what is wrong with profiles.
public struct Lint: Sendable {
    /// Files and folders.
    public var paths: [String]

    public init(paths: [String]) {
        self.paths = paths
    }

    /// The diagnostics of all profiles. Errors are findings; warnings and notes are not.
    public func run(style: Style) -> Report {
        let diagnostics = paths.flatMap { ProfileChoice.load($0).diagnostics }
        var report = Report()
        var text = DiagnosticText(style: style)
        for diagnostic in diagnostics {
            for line in text.lines(of: diagnostic) { report.print(line) }
        }
        let counts = [Diagnostic.Severity.error, .warning, .note].compactMap { severity -> String? in
            let count = diagnostics.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        report.print(counts.isEmpty ? "no findings" : counts.joined(separator: ", "))
        if diagnostics.contains(where: { $0.severity == .error }) { report.status = .findings }
        return report
    }
}
