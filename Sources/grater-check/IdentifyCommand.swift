import ArgumentParser
import Glibc
import GraterCheck
import GraterRun

struct IdentifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identify",
        abstract: "Show how the daemon identifies a client, and which filter it gets, or why none.",
        discussion: """
            Looks at a running process, or listens on a unix socket, waits for one client, and tells what it has learnt \
            of that as the daemon would. Another user's processes can be looked at by root alone. The exit status is 1 \
            if there is no filter.

              grater-check identify $(pidof myapp)
              grater-check identify --self --profiles ./profiles
              grater-check identify --socket chat=/tmp/chat
            """
    )

    @Argument(help: "The client's process.")
    var pid: Int32?

    @Flag(name: .customLong("self"), help: "The program that started grater-check, such as your shell.")
    var isSelf = false

    @Option(
        help: ArgumentHelp(
            "A profile or a folder of profiles; repeatable. The default is those of the daemon.", valueName: "path"))
    var profiles: [String] = []

    @Option(
        help: ArgumentHelp(
            "The socket to wait for a client on, written as for the daemon's --listen-socket.",
            valueName: "[name=]path[,…]"))
    var socket: String?

    @Option(help: ArgumentHelp("The name of the listener that the process would connect to.", valueName: "name"))
    var listener = "control"

    @OptionGroup var report: ReportOptions

    private var subject: Identify.Subject? {
        switch (pid, isSelf, socket) {
        case (let pid?, false, nil): .process(pid, listener: listener)
        case (nil, true, nil): .process(getppid(), listener: listener)
        case (nil, false, let socket?): .client(ofSocket: socket)
        default: nil
        }
    }

    @OptionGroup var colors: ColorOptions

    func run() throws {
        guard let subject else { throw ValidationError("one of a process's number, --self, and --socket") }
        if case .client(let socket) = subject {
            OutputStream.error.write("waiting for a client on \(socket)\n")
        }
        try Identify(subject, profiles: profiles, format: report.format).run(style: colors.style).finish()
    }
}
