import ArgumentParser
import GraterCheck

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Says what is wrong with profiles (the default).",
        discussion: "Errors make a profile unusable; warnings say that it hardly means what its author thinks."
    )

    @Argument(
        help:
            "Profiles, or folders of profiles; '-' reads one from standard input. Without any, what the daemon reads.",
        completion: .file(extensions: ["yml"]))
    var paths: [String] = []

    @Flag(help: "Check the folders that the daemon reads.")
    var installed = false

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard !installed || paths.isEmpty else { throw ValidationError("either --installed or paths") }
    }

    func run() throws {
        try Lint(paths: paths, format: report.format).run(style: .standardOutput).finish()
    }
}
