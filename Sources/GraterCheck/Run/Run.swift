import Glibc
import Profiles

/// `grater-check run`: tries a profile with the application that it is for.
public struct Run: Sendable {
    /// The path of the profile.
    public var profile: String
    /// The filter's name, where the profile has several.
    public var filter: String?
    /// What is run.
    public var application: ApplicationRun
    /// Where a transcript of the run is written.
    public var record: String?
    /// Who the report is for.
    public var format: ReportFormat

    public init(
        profile: String, filter: String? = nil, application: ApplicationRun, record: String? = nil,
        format: ReportFormat = .text
    ) {
        self.profile = profile
        self.filter = filter
        self.application = application
        self.record = record
        self.format = format
    }

    /// Denied commands are findings.
    public func run(style: Style) -> Report {
        do {
            let policy = try ProfileChoice.policy(of: ProfileChoice.load(profile), file: profile, filter: filter)
            // What is for programs is not to be mixed with what the application writes.
            let (recording, status) = try application.run(
                policy, output: format == .json ? .error : .inherited, style: style)
            if let record {
                try TextFile.write(recording.transcript(profile: Self.absolute(profile)), to: record)
            }
            let summary = RunSummary(recording.commands, policy: policy, applicationStatus: status)
            return format == .json ? summary.json : summary.report(style: style)
        } catch {
            return .unusable("\(error)", style: style)
        }
    }

    private static func absolute(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }
}
