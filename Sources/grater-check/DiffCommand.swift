import ArgumentParser
import GraterCheck

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what a change of a profile allows and denies, with examples.",
        discussion: "It compares what the rules match, not how they are written. The exit status is 1 if they differ."
    )

    @Argument(help: "The old profile; '-' reads it from standard input.", completion: .file(extensions: ["yml"]))
    var old: String

    @Argument(help: "The new profile, likewise.", completion: .file(extensions: ["yml"]))
    var new: String

    @Option(help: "The filter to compare, where the files have several.")
    var filter: String?

    @OptionGroup var report: ReportOptions

    func run() throws {
        try Diff(old: old, new: new, filter: filter, format: report.format).run(style: .standardOutput).finish()
    }
}
