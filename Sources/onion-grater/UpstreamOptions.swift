import ArgumentParser
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
        help: ArgumentHelp("Tor's cookie file, where tor itself does not tell or tells wrong.", valueName: "path"))
    var controlCookiePath: String?

    var upstream: Upstream {
        get throws {
            var upstream = try Upstream { name in getenv(name).map { String(cString: $0) } }
            var given = [SocketAddress]()
            if let controlSocket { given.append(try SocketAddress(unixPath: controlSocket)) }
            if let controlPort { given.append(try SocketAddress(tcpArgument: controlPort)) }
            if !given.isEmpty { upstream.addresses = given }
            if let controlCookiePath { upstream.cookiePath = controlCookiePath }
            return upstream
        }
    }
}
