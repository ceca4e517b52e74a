import ArgumentParser
import GraterCheck

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs an application behind a filter of its own, and says which rules it used and missed.",
        discussion: """
            No root and no installation are needed. The application finds the filter by TOR_CONTROL_HOST, TOR_CONTROL_PORT \
            and TOR_CONTROL_IPC_PATH. Decisions are shown as they are made. The exit status is 1 if one was a denial.

              grater-check run app.yml --offline-tor -- app --option
            """
    )

    @Argument(help: "A profile.", completion: .file(extensions: ["yml"]))
    var profile: String

    @Argument(parsing: .postTerminator, help: "The application, behind '--'.")
    var application: [String]

    @Option(help: "The filter to use, where the profile has several.")
    var filter: String?

    @Option(help: ArgumentHelp("Write what passed to a transcript for 'grater-check test'.", valueName: "file"))
    var record: String?

    @OptionGroup var report: ReportOptions

    @OptionGroup var tor: TorOptions

    func validate() throws {
        guard !application.isEmpty else { throw ValidationError("which application? Write it behind '--'") }
    }

    func run() throws {
        let run = Run(
            profile: profile, filter: filter, application: ApplicationRun(application: application, tor: try tor.tor()),
            record: record, format: report.format)
        try run.run(style: .standardOutput).finish()
    }
}
