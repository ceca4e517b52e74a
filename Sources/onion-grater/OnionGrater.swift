import ArgumentParser
import Glibc
import ProxyServer
import ServiceInterface

@main
struct OnionGrater: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "onion-grater",
        abstract: "Filter what applications say to tor's control port.",
        discussion: """
            Applications connect to onion-grater as if it were tor. It learns from the kernel who they are, picks the \
            profile written for them, and forwards a command only if that profile allows it. Everything else is answered \
            "510 Command filtered" and never reaches tor.

            Profiles are files NAME.yml in /usr/share/onion-grater/profiles.d, which packages fill, and in \
            /etc/onion-grater.d, where a file replaces the package's of the same name. "grater-check FILE" checks one, \
            "grater-check try FILE 'GETINFO version'" says what would become of a command.

            Tor is sought at /run/tor/control and 127.0.0.1:9051, or where TOR_CONTROL_IPC_PATH, TOR_CONTROL_HOST and \
            TOR_CONTROL_PORT say. onion-grater authenticates with tor's cookie, which the group debian-tor may read, or \
            with the password in TOR_CONTROL_PASSWD. SIGHUP reloads the profiles; SIGTERM stops.

            Without a subcommand it is the daemon. Subcommands ask the daemon that runs.

            EXAMPLES

            The system service, on /run/onion-grater/control and 127.0.0.1:951:
              onion-grater

            A socket of its own for OnionShare, which profiles call "onionshare" and one group may use, and no TCP:
              onion-grater --no-tcp \\
                  --listen-socket onionshare=/run/onion-grater/onionshare,group=onionshare

            For virtual machines on a bridge:
              onion-grater --listen-interface virbr0 --listen-port 9051

            Trying profiles out as an ordinary user, with a tor of one's own:
              onion-grater --no-tcp --listen-socket ./control --debug \\
                  --control-socket ~/tor/control --profiles ./profiles
            """,
        version: "onion-grater \(Release.version)",
        subcommands: [
            Status.self, Top.self, Sessions.self, Denials.self, Watch.self, Explain.self, Complain.self, Enforce.self,
            Kick.self, Reload.self, Metrics.self,
            Enable.self, Disable.self, Env.self, Exec.self,
        ])

    @OptionGroup(title: "Where applications connect") var listening: ListeningOptions
    @OptionGroup(title: "Where tor is") var upstream: UpstreamOptions
    @OptionGroup(title: "Profiles") var filtering: FilteringOptions
    @OptionGroup(title: "Limits") var quota: QuotaOptions
    @OptionGroup(title: "Logging") var logging: LoggingOptions
    @OptionGroup(title: "Checks") var checking: CheckingOptions

    static func main() {
        do {
            try requireArguments()
            var command = try parseAsRoot(SubcommandLine(Array(CommandLine.arguments.dropFirst())).words)
            try command.run()
        } catch {
            exit(withError: error)
        }
    }

    /// Swift's runtime reads the arguments from /proc/self/cmdline, and where it cannot there are none, not even the program's
    /// name. A daemon must not start with defaults then, whatever its options were.
    private static func requireArguments() throws {
        guard CommandLine.arguments.isEmpty else { return }
        throw ValidationError("The arguments cannot be read: is /proc mounted?")
    }

    func run() throws {
        let log: LogDestination
        do throws(ConfigurationError) { log = try logging.destination } catch { Daemon.fail(error) }
        do {
            var limits = quota.limits
            upstream.apply(to: &limits)
            let places = try listening.places(besides: try InheritedSocket.fromEnvironment())
            var configuration = Configuration(
                listening: places, upstream: try upstream.upstream, profiles: filtering.directories,
                complains: filtering.complain, cookiePath: listening.cookiePath(on: places),
                requiresPeersec: filtering.requirePeersec, limits: limits, quota: quota.quota,
                adminSocket: try listening.admin)
            configuration.watchesProfiles = filtering.watch
            configuration.metricsAddress = try listening.metricsAddress
            try checking.run(configuration, logLevel: logging.level)
            try Daemon.run(configuration, log: log, level: logging.level)
        } catch let error as ConfigurationError {
            Daemon.fail(error, log: log)
        }
    }
}
