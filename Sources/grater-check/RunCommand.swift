import ArgumentParser
import GraterCheck
import GraterRun

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run an application behind a filter of its own, and report the rules it used and missed.",
        discussion: """
            No root and no installation are needed. The application finds the filter by TOR_CONTROL_HOST, TOR_CONTROL_PORT \
            and TOR_CONTROL_IPC_PATH. Decisions are shown as they are made.

              grater-check run app.yml --offline-tor -- app --option

            Exit status: 0 all is fine, 1 a command was denied, 2 the question could not be answered, 3 the application failed, \
            4 it never connected, 5 tor could not be reached.
            """
    )

    @Argument(help: "A profile; '-' reads it from standard input.", completion: .file(extensions: ["yml"]))
    var profile: String

    @Argument(parsing: .postTerminator, help: "The application, behind '--'.")
    var application: [String]

    @Option(help: "The filter to use, where the profile has several.")
    var filter: String?

    @Option(help: ArgumentHelp("Record the conversation as a transcript for 'grater-check test'.", valueName: "file"))
    var record: String?

    @Flag(help: "Record real keys and passwords instead of made-up ones.")
    var keepSecrets = false

    @Flag(help: "Succeed even if the application fails.")
    var allowFailure = false

    @OptionGroup var report: ReportOptions

    @OptionGroup var tor: TorOptions

    @OptionGroup var colors: ColorOptions

    func validate() throws {
        guard !application.isEmpty else { throw ValidationError("which application? Write it behind '--'") }
    }

    func run() throws {
        let run = Run(
            profile: profile, filter: filter,
            application: ApplicationRun(application: application, tor: try tor.tor(), allowsFailure: allowFailure),
            record: record, keepsSecrets: keepSecrets, format: report.format)
        try run.run(style: colors.style).finish()
    }
}
