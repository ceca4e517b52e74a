import ArgumentParser
import GraterCheck

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Report problems in profiles (the default).",
        discussion:
            "A profile with an error is not used. A profile with a warning probably does not mean what its author thinks."
    )

    @Argument(
        help:
            "Profiles, or folders of profiles; '-' reads one from standard input. The default is those of the daemon.",
        completion: .file(extensions: ["yml"]))
    var paths: [String] = []

    @Flag(help: "Check the folders that the daemon reads.")
    var installed = false

    @Flag(help: "Correct in the files what has only one remedy, and report the rest.")
    var fix = false

    @Option(help: "The lowest severity that counts as a finding: error, warning or note.")
    var deny = Lint.DeniedLevel.error

    @Option(
        help: ArgumentHelp(
            "Explain a finding of lint or audit by its code, and exit.",
            valueName: "code"))
    var explain: String?

    @Option(help: "Print text, JSON, workflow commands for GitHub, SARIF, TAP, or JUnit's XML.")
    var format = FindingFormat.text

    @OptionGroup var colors: ColorOptions

    func validate() throws {
        guard !installed || paths.isEmpty else { throw ValidationError("either --installed or paths") }
        guard !fix || !(paths.isEmpty || paths.contains("-")) else {
            throw ValidationError("--fix needs the paths of files or folders")
        }
    }

    func run() throws {
        if let explain {
            guard let explanation = FindingExplanation(code: explain) else {
                let hint =
                    FindingExplanation.suggestion(for: explain) ?? "/usr/share/doc/onion-grater/findings.md lists all"
                throw ValidationError("--explain: there is no finding '\(explain)' (\(hint))")
            }
            OutputStream.output.write(explanation.text)
            return
        }
        let lint = Lint(paths: paths, denied: deny, format: format)
        try (fix ? lint.fix(style: colors.style) : lint.run(style: colors.style)).finish()
    }
}

extension Lint.DeniedLevel: ExpressibleByArgument {}
extension FindingFormat: ExpressibleByArgument {}
