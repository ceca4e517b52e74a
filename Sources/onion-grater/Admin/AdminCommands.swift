import AdminClient
import ArgumentParser

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what the running daemon does: tor, profiles, sessions.")

    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { client throws(AdminFailure) in try client.status() } }
}

struct Sessions: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the sessions that there are.")

    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { client throws(AdminFailure) in try client.sessions() } }
}

struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show commands as they come, and what becomes of them.")

    @OptionGroup var admin: AdminOptions

    @Option(help: "Only those of this profile's sessions.")
    var profile: String?

    @Flag(help: "Only those that the profile does not allow.")
    var denied = false

    func run() throws {
        try admin.run { client throws(AdminFailure) in try client.watch(profile: profile, deniedOnly: denied) }
    }
}

struct Kick: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End sessions, by the numbers that \"sessions\" gives.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "A session's number.")
    var session: [UInt64]

    func run() throws { try admin.run { client throws(AdminFailure) in try client.kick(session) } }
}

struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read the profiles anew, and say what came of it.",
        discussion: "If any of them cannot be used, all stays as it was, and the exit status is 1.")

    @OptionGroup var admin: AdminOptions

    @Option(
        help: ArgumentHelp(
            "The daemon's process: send it SIGHUP if the admin socket cannot be connected to. Errors are in its log then.",
            valueName: "pid"))
    var orSignal: Int32?

    func validate() throws {
        // Lower numbers are process 1, which is nobody's daemon, and whole groups of processes.
        if let orSignal, orSignal <= 1 {
            throw ValidationError("'\(orSignal)' is not the number of a daemon's process.")
        }
    }

    func run() throws {
        try admin.run { client throws(AdminFailure) in try client.reload(orSignal: orSignal) }
    }
}

struct Metrics: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print figures in Prometheus's text format.")

    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { client throws(AdminFailure) in try client.metrics() } }
}
