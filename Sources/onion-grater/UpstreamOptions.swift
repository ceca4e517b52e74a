import ArgumentParser
import Dispatch
import Glibc
import ProxyServer

struct UpstreamOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Tor's control socket.",
            discussion: "With this or --control-port, tor is expected nowhere else.", valueName: "path"))
    var controlSocket: String?

    @Option(help: ArgumentHelp("Tor's control port. The default HOST is 127.0.0.1.", valueName: "[host:]port"))
    var controlPort: String?

    @Option(
        help: ArgumentHelp(
            "Tor's cookie file, if tor does not say where it is, or says it wrong.",
            discussion: """
                Together with --control-socket or --control-port, it is also used for the authentication method COOKIE, which \
                reveals the cookie to whatever answers there. Every current tor offers a better one.
                """, valueName: "path"))
    var controlCookiePath: String?

    @Option(
        help: ArgumentHelp(
            "The time limit to connect to tor and authenticate, for each place where tor may be.",
            valueName: "seconds"))
    var torTimeout = 10

    @Option(
        help: ArgumentHelp(
            "The time limit for tor to reply; 0 for none.",
            discussion: "Clients that wait for the reply are told, and disconnected.", valueName: "seconds"))
    var replyTimeout = 30

    @Option(
        help: ArgumentHelp(
            "How long to wait for a tor that went away, for clients that wait for events. Then they are disconnected.",
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
