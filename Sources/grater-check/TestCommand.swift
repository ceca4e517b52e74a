import ArgumentParser
import GraterCheck

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs transcripts: what an application and tor say, and what each must see.",
        discussion: "The format is described in docs/transcripts.md."
    )

    @Argument(help: "Transcripts.", completion: .file(extensions: ["transcript"]))
    var files: [String]

    @Flag(help: "Print TAP (Test Anything Protocol), one test for each session.")
    var tap = false

    func run() throws {
        try TranscriptTest(files: files, format: tap ? .tap : .text).run(style: .standardOutput).finish()
    }
}
