import ArgumentParser
import GraterCheck

struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Draft a profile from what an application does, or from transcripts.",
        discussion: """
            The application is let do everything meanwhile, in front of your tor; what is dangerous in the draft is told in \
            comments.

              grater-check learn --offline-tor --output app.yml -- app --option
              grater-check learn app.transcript

            Where there is nothing to draft from, nothing is written. Exit status: 0 all is fine, 2 the question could not be \
            answered, 3 the application failed, 4 it never connected, 5 tor could not be reached.
            """
    )

    @Argument(
        help:
            "Transcripts (FILE.transcript, or '-' for standard input), or behind '--' an application and its arguments.",
        completion: .file(extensions: ["transcript"]))
    var subject: [String]

    @Option(help: "The name of the profile.")
    var name = "draft"

    @Option(
        help: ArgumentHelp(
            "Write the draft to this file, which must be new or an earlier draft.", valueName: "file"))
    var output: String?

    @Flag(help: "Succeed even if the application fails.")
    var allowFailure = false

    @OptionGroup var report: ReportOptions

    @OptionGroup var tor: TorOptions

    func run() throws {
        let source: Learn.Source =
            subject.allSatisfy { $0.hasSuffix(".transcript") || $0 == "-" || $0.hasPrefix("/dev/fd/") }
            ? .transcripts(subject)
            : .application(
                ApplicationRun(application: subject, tor: try tor.tor(), allowsFailure: allowFailure))
        try Learn(from: source, name: name, output: output, format: report.format).run(style: .standardOutput).finish()
    }
}
