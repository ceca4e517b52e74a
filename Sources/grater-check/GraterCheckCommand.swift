import ArgumentParser
import Glibc
import GraterCheck
import ServiceInterface

/// The command line of grater-check: each subcommand parses its arguments and calls one function of GraterCheck.
@main
struct GraterCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grater-check",
        abstract: "Check, try and test profiles of onion-grater.",
        discussion: """
            The verdicts are those of the filter itself, for the daemon runs the same code. No root is needed, and but for \
            'run' and 'learn' no tor.

              grater-check app.yml                       Is it written correctly?
              grater-check audit app.yml                 What does it give away?
              grater-check try app.yml 'GETINFO address' What would become of this?
              grater-check test app.transcript           Does it still fit?
              grater-check run app.yml -- app            What does the application use, and miss?
              grater-check learn -- app                  What should its profile be?

            Exit status: 0 all is fine, 1 there are findings, 2 the question could not be understood or answered.
            """,
        version: "grater-check \(Release.version)",
        subcommands: [
            LintCommand.self, AuditCommand.self, DiffCommand.self, TryCommand.self, TestCommand.self, RunCommand.self,
            LearnCommand.self, IdentifyCommand.self, FormatCommand.self, ConvertCommand.self, MergeCommand.self,
            SchemaCommand.self, LSPCommand.self,
        ],
        defaultSubcommand: LintCommand.self
    )

    static func main() {
        do {
            // Where /proc is missing, Swift's runtime has no arguments, not even the program's name.
            guard !CommandLine.arguments.isEmpty else {
                throw ValidationError("The arguments cannot be read: is /proc mounted?")
            }
            var command = try parseAsRoot()
            try command.run()
        } catch {
            let status = exitCode(for: error)
            // What cannot be parsed is a question that was not understood, and what cannot be read one without an answer.
            guard !status.isSuccess, !(error is ExitCode) else { exit(withError: error) }
            OutputStream.error.write(fullMessage(for: error) + "\n")
            Glibc.exit(Report.Status.usage.rawValue)
        }
    }
}

extension Report {
    /// Prints the report and ends the process with its status.
    func finish() throws {
        OutputStream.error.write(remarks)
        (status == .usage ? OutputStream.error : .output).write(text)
        throw ExitCode(status.rawValue)
    }
}
