import ArgumentParser
import GraterCheck
import GraterRun

struct LearnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "learn",
        abstract: "Draft a profile from what an application does, or extend one by what a log says was denied.",
        discussion: """
            The application is let do everything meanwhile, in front of your tor; what is dangerous in the draft is told in \
            comments.

              grater-check learn --offline-tor --output app.yml -- app --option
              grater-check learn app.transcript
              grater-check learn --journal --add app.yml --diff
              grater-check learn --journal --add app.yml --output app.yml --ask

            --log and --journal propose a rule for each denied command. What would give away too much is named and left \
            out, unless --ask asks you about it.

            Where there is nothing to draft from, nothing is written. Exit status: 0 all is fine, 2 the question could not be \
            answered, 3 the application failed, 4 it never connected, 5 tor could not be reached.
            """
    )

    @Argument(
        help:
            "Transcripts (FILE.transcript, or '-' for standard input), or behind '--' an application and its arguments.",
        completion: .file(extensions: ["transcript"]))
    var subject: [String] = []

    @Option(
        help: ArgumentHelp(
            "Propose rules for what this log of the daemon says was denied; '-' reads standard input. Repeatable.",
            discussion: "Text, JSON, or journalctl's JSON.", valueName: "file"))
    var log: [String] = []

    @Flag(help: "Propose rules for what the journal of the system service says was denied.")
    var journal = false

    @Flag(help: "With --log or --journal: ask about each denied command, at the terminal.")
    var ask = false

    @Option(help: ArgumentHelp("With --log: add the rules to this profile, and keep its layout.", valueName: "file"))
    var add: String?

    @Flag(help: "With --add: show only the lines that change.")
    var diff = false

    @Option(help: "The name of the profile; with --log, whose denials count.")
    var name: String?

    @Option(
        help: ArgumentHelp(
            "Write the draft to this file, which must be new or an earlier draft.", valueName: "file"))
    var output: String?

    @Flag(help: "Succeed even if the application fails.")
    var allowFailure = false

    @OptionGroup var report: ReportOptions

    @OptionGroup var tor: TorOptions

    @OptionGroup var colors: ColorOptions

    func validate() throws {
        guard subject.isEmpty == readsLog else {
            throw ValidationError("Give an application behind '--', transcripts, --log or --journal.")
        }
        guard readsLog || add == nil && !diff && !ask, add != nil || !diff else {
            throw ValidationError("--add and --ask go with --log or --journal, and --diff with --add.")
        }
    }

    private var readsLog: Bool { journal || !log.isEmpty }

    func run() throws {
        guard !readsLog else { return try learnFromLog() }
        let source: Learn.Source =
            subject.allSatisfy { $0.hasSuffix(".transcript") || $0 == "-" || $0.hasPrefix("/dev/fd/") }
            ? .transcripts(subject)
            : .application(
                ApplicationRun(application: subject, tor: try tor.tor(), allowsFailure: allowFailure))
        try Learn(from: source, name: name ?? "draft", output: output, format: report.format).run(
            style: colors.style
        ).finish()
    }

    private func learnFromLog() throws {
        let entries = journal ? try JournalEntries() : nil
        let person = ask ? try Person(style: colors.style) : nil
        var learning = LearnFromLog(
            logs: log + [entries?.path].compactMap(\.self), profile: name, target: add, output: output,
            showsDifference: diff)
        if let person { learning.ask = { person.ask($0) } }
        try learning.run(style: colors.style).finish()
    }
}
