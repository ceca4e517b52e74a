import ArgumentParser
import GraterCheck

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert a filter of roflcoptor, or an old profile, to a profile.",
        discussion: """
            The profile goes to standard output. Standard error tells what could not be carried over, and what 'lint' and \
            'audit' say of the outcome; the exit status is then 1.

              grater-check convert onionshare.json > onionshare.yml
            """
    )

    @Argument(
        help:
            "A filter of roflcoptor (JSON), or a profile of the Python onion-grater with keys that are out of use; '-' reads it from standard input.",
        completion: .file(extensions: ["json", "yml"]))
    var file: String

    @OptionGroup var report: ReportOptions

    @OptionGroup var colors: ColorOptions

    func run() throws {
        try Convert(path: file, format: report.format).run(style: colors.style).finish()
    }
}
