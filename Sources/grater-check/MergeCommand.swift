import ArgumentParser
import GraterCheck

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merge profiles into one that has the rules of all.",
        discussion: """
            If several filters match a client, it is refused, so they have to be one. Rules come in the order of the files, and \
            the first that matches decides. Standard error tells which rules are there twice or decide no more, and what no longer fares as in its \
            own profile; the exit status is then 1.

              grater-check merge app.yml plugin.yml > both.yml
            """
    )

    @Argument(help: "Profiles; '-' reads one from standard input.", completion: .file(extensions: ["yml"]))
    var files: [String]

    @Option(help: "The name of the filter. The default is all names, joined by '+'.")
    var name: String?

    @Option(
        help: ArgumentHelp("Take the qualifiers from this file, if those of the profiles differ.", valueName: "file"),
        completion: .file(extensions: ["yml"]))
    var clientsOf: String?

    @OptionGroup var report: ReportOptions

    @OptionGroup var colors: ColorOptions

    func run() throws {
        try Merge(paths: files, name: name, clientsOf: clientsOf, format: report.format).run(style: colors.style)
            .finish()
    }
}
