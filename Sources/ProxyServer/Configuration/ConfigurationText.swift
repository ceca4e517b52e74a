import Dispatch
import ServiceInterface

/// The configuration in force after reading options and environment: `onion-grater --show-config`.
///
/// One `option value` a line, by the names of the options, in an order that stays; several lines where an option may be given
/// several times. Secrets are not in it.
public enum ConfigurationText {
    public static func text(_ configuration: Configuration, logLevel: LogLevel) -> String {
        lines(configuration, logLevel).map { "\($0.key) \($0.value)\n" }.joined()
    }

    private static func lines(_ configuration: Configuration, _ logLevel: LogLevel) -> [(key: String, value: String)] {
        var lines = configuration.listening.map(place)
        lines.append(("admin-socket", configuration.adminSocket?.path ?? "none"))
        lines.append(("metrics-listen", configuration.metricsAddress.map { "\($0)" } ?? "none"))
        lines.append(("cookie-file", configuration.cookiePath ?? "none"))
        lines += configuration.upstream.addresses.map { address in
            (address.isTCP ? "control-port" : "control-socket", "\(address)")
        }
        lines.append(("control-cookie-path", configuration.upstream.cookiePath ?? "as tor says"))
        lines.append(("tor-password", configuration.upstream.password == nil ? "none" : "given"))
        lines.append(("tor-timeout", seconds(configuration.upstream.timeout)))
        lines.append(("reply-timeout", seconds(configuration.limits.reply)))
        lines.append(("tor-absence", seconds(configuration.limits.absence)))
        lines += configuration.profiles.map { ($0.isMerged ? "merged" : "profiles", $0.path) }
        lines.append(("watch", flag(configuration.watchesProfiles)))
        lines.append(("complain", flag(configuration.complains)))
        lines.append(("require-peersec", flag(configuration.requiresPeersec)))
        let quota = configuration.quota
        lines.append(("max-sessions", quota.sessions.map(String.init) ?? "as open files allow"))
        lines.append(("max-sessions-per-user", quota.sessionsPerOwner.map(String.init) ?? "half of all, at most 2048"))
        lines.append(("max-connections-per-second", "\(quota.connectionsPerSecond)"))
        lines.append(("max-queued-per-user", "\(quota.queuedBytesPerOwner)"))
        lines.append(("max-command-line", "\(configuration.limits.commands.line)"))
        lines.append(("max-command-data", "\(configuration.limits.commands.body)"))
        lines.append(("stall-timeout", seconds(configuration.limits.stall)))
        lines.append(("authentication-timeout", seconds(configuration.limits.authentication)))
        lines.append(("log-level", logLevel.rawValue))
        return lines
    }

    private static func place(_ place: Configuration.Listening) -> (key: String, value: String) {
        switch place {
        case .unix(let path, let name, let access):
            let owner = access.owner.map { ",owner=\($0)" } ?? ""
            let group = access.group.map { ",group=\($0)" } ?? ""
            let mode = String(access.mode, radix: 8)
            return ("listen-socket", "\(name)=\(path)\(owner)\(group),mode=0\(mode)")
        case .tcp(let ip, let port): return ("listen-address", "\(SocketAddress.tcp(ip, port: port))")
        case .interface(let name, let port): return ("listen-interface", "\(name) port \(port)")
        case .inherited(let socket): return ("inherited-socket", "\(socket.name)=\(socket.address)")
        }
    }

    private static func flag(_ value: Bool) -> String { value ? "yes" : "no" }

    private static func seconds(_ interval: DispatchTimeInterval) -> String {
        switch interval {
        case .seconds(let count): "\(count)"
        case .milliseconds(let count): "\(Double(count) / 1000)"
        case .never: "0"
        default: "\(interval)"
        }
    }
}
