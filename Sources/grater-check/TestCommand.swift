import ArgumentParser
import GraterCheck

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Play transcripts: what an application and tor say, and what each must see.",
        discussion: "The format is described in grater-check(1) and in /usr/share/doc/onion-grater/transcripts.md."
    )

    @Argument(help: "Transcripts; '-' reads one from standard input.", completion: .file(extensions: ["transcript"]))
    var files: [String]

    @Option(
        help: ArgumentHelp(
            "List the rules that no transcript reaches, and fail if fewer than this many of a hundred are reached.",
            valueName: "percent"))
    var threshold: Int?

    @Option(help: "Print text, JSON for programs, TAP (Test Anything Protocol), or JUnit's XML.")
    var format = TranscriptTest.Format.text

    @OptionGroup var colors: ColorOptions

    func validate() throws {
        guard (0...100).contains(threshold ?? 0) else { throw ValidationError("--threshold is from 0 to 100") }
    }

    func run() throws {
        try TranscriptTest(files: files, format: format, threshold: threshold).run(style: colors.style).finish()
    }
}

extension TranscriptTest.Format: ExpressibleByArgument {}
