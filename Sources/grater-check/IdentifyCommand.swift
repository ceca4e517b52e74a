import ArgumentParser
import GraterCheck

struct IdentifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identify",
        abstract: "Says what the daemon would take a process for, which filter it would get, or why none.",
        discussion: """
            Another user's processes can be looked at by root alone. The exit status is 1 if there is no filter.

              grater-check identify $(pidof myapp)
              grater-check identify --self --profiles ./profiles
            """
    )

    @Argument(help: "The process's number.")
    var pid: Int32?

    @Flag(name: .customLong("self"), help: "The program that started grater-check, such as your shell.")
    var isSelf = false

    @Option(
        help: ArgumentHelp(
            "A profile or a folder of profiles; repeatable. Without it, those of the daemon.", valueName: "path"))
    var profiles: [String] = []

    @Option(help: ArgumentHelp("The name of the listener that it would connect to ('control').", valueName: "name"))
    var socket: String?

    @Option(help: "text, or json for programs.")
    var format = ReportFormat.text

    func run() throws {
        guard (pid != nil) != isSelf else { throw ValidationError("either a process's number, or --self") }
        try Identify(pid: pid, profiles: profiles, socket: socket, format: format).run(style: .standardOutput).finish()
    }
}
