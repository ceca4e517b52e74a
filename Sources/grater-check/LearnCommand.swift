import ArgumentParser
import GraterCheck

struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Drafts a profile from what an application does, or from transcripts.",
        discussion: """
            The application is let do everything meanwhile, in front of your tor; what is dangerous in the draft is told in \
            comments.

              grater-check learn --offline-tor -- app --option > app.yml
              grater-check learn app.transcript
            """
    )

    @Argument(
        help: "Transcripts (FILE.transcript), or behind '--' an application and its arguments.",
        completion: .file(extensions: ["transcript"]))
    var subject: [String]

    @Option(help: "What the profile is to be called.")
    var name = "draft"

    @OptionGroup var report: ReportOptions

    @OptionGroup var tor: TorOptions

    func run() throws {
        let source: Learn.Source =
            subject.allSatisfy { $0.hasSuffix(".transcript") }
            ? .transcripts(subject) : .application(ApplicationRun(application: subject, tor: try tor.tor()))
        try Learn(from: source, name: name, format: report.format).run(style: .standardOutput).finish()
    }
}
