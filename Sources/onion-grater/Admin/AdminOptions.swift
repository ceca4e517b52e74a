import AdminClient
import ArgumentParser
import ServiceInterface

/// The options shared by all subcommands that ask the daemon.
struct AdminOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon's admin socket. --admin-socket, as the daemon has it, does as well.", valueName: "path"))
    var socket = AdminProtocol.standardPath

    @Flag(help: "Print the daemon's answer unchanged: lines of JSON.")
    var json = false

    /// Says on standard error why it cannot be done, and ends with status 1.
    func run(_ work: (AdminClient) throws(AdminFailure) -> Void) throws {
        do throws(AdminFailure) {
            try work(AdminClient(path: socket, isRaw: json))
        } catch {
            error.tell()
            throw ExitCode.failure
        }
    }
}
