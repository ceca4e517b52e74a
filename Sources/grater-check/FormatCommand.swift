import ArgumentParser
import GraterCheck

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Format profiles.",
        discussion: """
            Keys come in the order of the documentation, patterns in single quotes; comments stay. What the profile means does \
            not change. The files are replaced, but not with --check or --diff: then the exit status is 1 if one would change.

              grater-check fmt app.yml
              grater-check fmt --diff profiles/*.yml
              grater-check fmt - < app.yml
            """
    )

    @Argument(
        help: "Profiles. '-' reads one from standard input and prints it.", completion: .file(extensions: ["yml"]))
    var files: [String]

    @Flag(help: "List the files that would change, and change none.")
    var check = false

    @Flag(help: "Show the lines that would change, and change none.")
    var diff = false

    @OptionGroup var report: ReportOptions

    @OptionGroup var colors: ColorOptions

    func validate() throws {
        if files.contains("-"), files.count > 1 || check || diff || report.format != .text {
            throw ValidationError("'-' stands alone, without options")
        }
    }

    func run() throws {
        if files == ["-"] {
            return try Format.text(of: try StandardInput.read(), style: colors.style).finish()
        }
        let mode: Format.Mode = diff ? .diff : check ? .check : .write
        try Format(paths: files, mode: mode, format: report.format).run(style: colors.style).finish()
    }
}
