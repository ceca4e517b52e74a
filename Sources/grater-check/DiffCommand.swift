import ArgumentParser
import GraterCheck

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what a change of a profile allows and denies, with examples.",
        discussion: """
            It compares what the rules match, not how they are written; of two folders, the profiles of the same name. The \
            exit status is 1 if they differ, or with "--deny widened" if a client may get more than before.
            """
    )

    @Argument(
        help: "The old profile or folder; '-' reads it from standard input.", completion: .file(extensions: ["yml"]))
    var old: String

    @Argument(help: "The new one, likewise.", completion: .file(extensions: ["yml"]))
    var new: String

    @Option(help: "The filter to compare, where the files have several.")
    var filter: String?

    @Option(help: "Which differences make the exit status 1: any, or those that may have widened what clients get.")
    var deny = DifferenceLevel.any

    @OptionGroup var report: ReportOptions

    @OptionGroup var colors: ColorOptions

    func run() throws {
        try Diff(old: old, new: new, filter: filter, denied: deny, format: report.format).run(style: colors.style)
            .finish()
    }
}

extension DifferenceLevel: ExpressibleByArgument {}
