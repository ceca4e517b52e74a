import ControlProtocol
import Glibc
import ServiceInterface

extension Upstream {
    /// Where tor usually is, or where the `TOR_CONTROL_*` variables of an environment say: `TOR_CONTROL_IPC_PATH`,
    /// `TOR_CONTROL_HOST`, `TOR_CONTROL_PORT`, `TOR_CONTROL_PASSWD`, `TOR_CONTROL_COOKIE_AUTH_FILE`. Values that make no
    /// sense throw; empty ones count as not set.
    ///
    /// - Parameters:
    ///   - controlSocket: the path of a socket; where it or `controlPort` is given, tor is sought nowhere else.
    ///   - controlPort: a TCP port, as `[HOST:]PORT`.
    ///   - environment: gives the value of a variable.
    public init(
        controlSocket: String? = nil, controlPort: String? = nil, environment: (String) -> String?
    ) throws(ConfigurationError) {
        func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        var addresses = [SocketAddress]()
        if let path = value("TOR_CONTROL_IPC_PATH") { addresses.append(try SocketAddress(unixPath: path)) }
        if value("TOR_CONTROL_HOST") != nil || value("TOR_CONTROL_PORT") != nil {
            let host = value("TOR_CONTROL_HOST") ?? "127.0.0.1"
            let port = value("TOR_CONTROL_PORT") ?? "9051"
            guard let ip = IPAddress(host: host) else {
                throw ConfigurationError("TOR_CONTROL_HOST is '\(host)', which is not an IPv4 or IPv6 address")
            }
            guard let port = UInt16(port), port > 0 else {
                throw ConfigurationError("TOR_CONTROL_PORT is '\(port)', which is not a port: 1 to 65535")
            }
            addresses.append(.tcp(ip, port: port))
        }
        var given = [SocketAddress]()
        if let controlSocket { given.append(try SocketAddress(unixPath: controlSocket)) }
        if let controlPort { given.append(try SocketAddress(tcpArgument: controlPort)) }
        if !given.isEmpty { addresses = given }
        self.init(
            addresses: addresses.isEmpty ? Self.standardAddresses : addresses,
            password: value("TOR_CONTROL_PASSWD").map { Array($0.utf8) },
            cookiePath: value("TOR_CONTROL_COOKIE_AUTH_FILE"))
    }

    /// Debian's tor, and tor's own default: the unix socket first, for it is faster.
    public static let standardAddresses: [SocketAddress] =
        [.unix(path: "/run/tor/control")] + Configuration.loopback.map { .tcp($0, port: 9051) }
}
