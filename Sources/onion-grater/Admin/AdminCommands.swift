import AdminClient
import ArgumentParser
import ServiceInterface

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the state of the running daemon: tor, profiles, sessions.")

    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { client throws(AdminFailure) in try client.status() } }
}

struct Sessions: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List open sessions.")

    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { client throws(AdminFailure) in try client.sessions() } }
}

struct Top: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show sessions, rates and denials, live.",
        discussion: """
            Press h for the keys, q to quit. Rates are per second, since the last refresh. It needs a terminal: elsewhere, \
            use "status" or "status --json".
            """)

    @Option(
        help: ArgumentHelp(
            "The daemon's admin socket. --admin-socket, as the daemon has it, does as well.", valueName: "path"))
    var socket = AdminProtocol.standardPath

    @Option(help: ArgumentHelp("How many seconds to wait between two refreshes, 0.1 to 3600.", valueName: "seconds"))
    var interval = 2.0

    func validate() throws {
        guard (0.1...3600).contains(interval) else { throw ValidationError("--interval takes 0.1 to 3600 seconds.") }
    }

    func run() throws {
        do throws(AdminFailure) {
            try AdminClient(path: socket, isRaw: false).top(every: interval)
        } catch {
            error.tell()
            throw ExitCode.failure
        }
    }
}

struct Denials: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List denied commands, with counts, times and clients.",
        discussion: """
            The daemon keeps the last 500 kinds of denials since it started. To turn denials into \
            rules: grater-check learn --journal --add PROFILE.yml
            """)

    @OptionGroup var admin: AdminOptions

    @Option(help: ArgumentHelp("Show only denials of the last while: 90s, 15m, 1h, 2d.", valueName: "age"))
    var since: Age?

    @Option(help: "Show only denials to clients of this profile.")
    var profile: String?

    func run() throws {
        try admin.run { client throws(AdminFailure) in try client.denials(within: since?.seconds, profile: profile) }
    }
}

struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show commands as they are decided.")

    @OptionGroup var admin: AdminOptions

    @Option(help: "Show only the sessions of this profile.")
    var profile: String?

    @Flag(help: "Show only commands that the profile does not allow.")
    var denied = false

    func run() throws {
        try admin.run { client throws(AdminFailure) in try client.watch(profile: profile, deniedOnly: denied) }
    }
}

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what the daemon would do with a command in a session, and by which rule.",
        discussion: "Nothing is sent to tor, and the session does not change. \"sessions\" shows the numbers.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "The session's number.")
    var session: UInt64

    @Argument(help: "The command, in one argument: 'GETINFO version'.")
    var command: String

    func run() throws {
        try admin.run { client throws(AdminFailure) in try client.explain(command, in: session) }
    }
}

struct Complain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a profile into complain mode for a while.",
        discussion: """
            Its clients may say everything that is not denied to all, and what the profile does not allow is logged. It ends \
            when the time is over, with "enforce", and when the daemon restarts.
            """)

    @OptionGroup var admin: AdminOptions

    @Argument(help: "The profile's name.")
    var profile: String

    @Option(name: .customLong("for"), help: ArgumentHelp("How long, at most 24h: 90s, 15m, 1h.", valueName: "time"))
    var duration: Age

    func validate() throws {
        guard duration.seconds <= 24 * 3600 else { throw ValidationError("Complain mode lasts 24 hours at most.") }
    }

    func run() throws {
        try admin.run { client throws(AdminFailure) in try client.complain(profile, for: duration.seconds) }
    }
}

struct Enforce: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End a profile's complain mode before its time.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "The profile's name.")
    var profile: String

    func run() throws { try admin.run { client throws(AdminFailure) in try client.enforce(profile) } }
}

struct Kick: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End sessions, by the numbers that \"sessions\" shows.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "A session's number.")
    var session: [UInt64]

    func run() throws { try admin.run { client throws(AdminFailure) in try client.kick(session) } }
}

struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reload the profiles, and report problems.",
        discussion: "If any profile cannot be used, nothing changes, and the exit status is 1.")

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
    static let configuration = CommandConfiguration(abstract: "Print metrics in Prometheus's text format.")

    @OptionGroup var admin: AdminOptions

    func run() throws { try admin.run { client throws(AdminFailure) in try client.metrics() } }
}
