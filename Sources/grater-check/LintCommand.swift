import ArgumentParser
import GraterCheck

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Says what is wrong with profiles (the default).",
        discussion: "Errors make a profile unusable; warnings say that it hardly means what its author thinks."
    )

    @Argument(help: "Profiles, or folders of profiles.", completion: .file(extensions: ["yml"]))
    var paths: [String]

    @OptionGroup var report: ReportOptions

    func run() throws {
        try Lint(paths: paths, format: report.format).run(style: .standardOutput).finish()
    }
}
