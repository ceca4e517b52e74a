import ArgumentParser
import Dispatch
import Glibc
import ProxyServer

struct UpstreamOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tor's control socket.",
            discussion: "With this or --control-port, tor is sought nowhere else.", valueName: "path"))
    var controlSocket: String?

    @Option(help: ArgumentHelp("Tor's control port; HOST is 127.0.0.1 where none is given.", valueName: "[host:]port"))
    var controlPort: String?

    @Option(
        help: ArgumentHelp(
            "Tor's cookie file, where tor itself does not tell or tells wrong.",
            discussion: """
                Together with --control-socket or --control-port also for what has the authentication method COOKIE alone, as \
                no tor has today: the cookie is then shown to whoever answers there.
                """, valueName: "path"))
    var controlCookiePath: String?

    @Option(
        help: ArgumentHelp(
            "How long connecting to tor and authenticating there may take, for each place where tor is sought.",
            valueName: "seconds"))
    var torTimeout = 10

    @Option(
        help: ArgumentHelp(
            "How long tor may say nothing while it owes a reply; 0 for ever.",
            discussion: "Then clients that wait for one are told, and disconnected.", valueName: "seconds"))
    var replyTimeout = 30

    @Option(
        help: ArgumentHelp(
            "How long a tor that went away is sought for clients that wait for events; then they are disconnected.",
            valueName: "seconds"))
    var torAbsence = 60

    /// Puts what concerns single sessions into their limits.
    func apply(to limits: inout SessionLimits) {
        limits.reply = replyTimeout > 0 ? .seconds(replyTimeout) : .never
        limits.absence = .seconds(torAbsence)
    }

    func validate() throws {
        guard torTimeout > 0, replyTimeout >= 0, torAbsence >= 0 else {
            throw ValidationError("--tor-timeout is at least 1, --reply-timeout and --tor-absence at least 0")
        }
    }

    var upstream: Upstream {
        get throws {
            var upstream = try Upstream(controlSocket: controlSocket, controlPort: controlPort) { name in
                getenv(name).map { String(cString: $0) }
            }
            if let controlCookiePath { upstream.cookiePath = controlCookiePath }
            upstream.timeout = .seconds(torTimeout)
            return upstream
        }
    }
}
