import ArgumentParser
import GraterCheck

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Says what is wrong with profiles (the default).",
        discussion: "Errors make a profile unusable; warnings say that it hardly means what its author thinks."
    )

    @Argument(
        help:
            "Profiles, or folders of profiles; '-' reads one from standard input. Without any, what the daemon reads.",
        completion: .file(extensions: ["yml"]))
    var paths: [String] = []

    @Flag(help: "Check the folders that the daemon reads.")
    var installed = false

    @Option(help: "From which level on a diagnostic is a finding: error, warning or note.")
    var deny = Lint.DeniedLevel.error

    @Option(
        help: ArgumentHelp(
            "Explain a finding of lint's or audit's by the word that stands behind it, and do nothing else.",
            valueName: "code"))
    var explain: String?

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard !installed || paths.isEmpty else { throw ValidationError("either --installed or paths") }
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
        try Lint(paths: paths, denied: deny, format: report.format).run(style: .standardOutput).finish()
    }
}

extension Lint.DeniedLevel: ExpressibleByArgument {}
