import GraterCheck
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
    /// Whether keys and passwords are in the transcript as they were.
    public var keepsSecrets: Bool
    /// Who the report is for.
    public var format: ReportFormat

    public init(
        profile: String, filter: String? = nil, application: ApplicationRun, record: String? = nil,
        keepsSecrets: Bool = false, format: ReportFormat = .text
    ) {
        self.profile = profile
        self.filter = filter
        self.application = application
        self.record = record
        self.keepsSecrets = keepsSecrets
        self.format = format
    }

    /// Denied commands are findings. An application that fails or never connects, and a tor out of reach, have statuses of their
    /// own.
    public func run(style: Style) -> Report {
        do {
            let policy = try ProfileChoice.policy(of: ProfileChoice.load(profile), file: profile, filter: filter)
            // What is for programs is not to be mixed with what the application writes.
            let outcome = try application.run(policy, output: format == .json ? .error : .inherited, style: style)
            if let record {
                let text = outcome.recording.transcript(
                    profile: RelativePath.of(profile, fromFolderOf: record), keepsSecrets: keepsSecrets)
                try TextFile.write(text, to: record, over: Recording.heading)
            }
            let summary = RunSummary(of: outcome, policy: policy)
            return format == .json ? summary.json : summary.report(style: style)
        } catch {
            return .unusable("\(error)", style: style)
        }
    }
}
