import ArgumentParser
import ControlProtocol
import ProxyServer
import ServiceInterface

struct ListeningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Listen on this unix socket; repeatable.",
            discussion: """
                Replaces /run/onion-grater/control, as do sockets that systemd passes. Profiles know the socket by NAME \
                ("sockets"); the default is the file's name. After the path, ",owner=USER", ",group=GROUP" and ",mode=0660" say who \
                may connect; the default is every user.
                """,
            valueName: "[name=]path[,…]"))
    var listenSocket: [String] = []

    @Option(help: ArgumentHelp("Listen on this IPv4 or IPv6 address instead of 127.0.0.1.", valueName: "address"))
    var listenAddress: String?

    @Option(
        help: ArgumentHelp("Listen on this TCP port, and not on \(Configuration.standardPort).", valueName: "port"))
    var listenPort: UInt16?

    @Option(
        help: ArgumentHelp(
            "Listen on all addresses of this network interface.", valueName: "interface"))
    var listenInterface: String?

    @Flag(name: .customLong("no-tcp"), help: "Do not listen on TCP.")
    var noTCP = false

    @Option(
        help: ArgumentHelp(
            "Answer administrators on this unix socket: root, and members of its group. \"none\" disables it.",
            discussion:
                "The default is \(AdminProtocol.standardPath), if it can be made, for onion-grater's own group.",
            valueName: "path[,group=...]"))
    var adminSocket: String?

    var admin: AdminSocket? {
        get throws {
            switch adminSocket {
            case nil: .standard
            case "none": nil
            case let argument?: try AdminSocket(argument: argument)
            }
        }
    }

    @Option(
        help: ArgumentHelp(
            "Serve metrics for Prometheus over HTTP on this TCP port. The default HOST is 127.0.0.1.",
            discussion: """
                Whoever can reach the port can read them, at /metrics: names of profiles, and counts. The default is none. \
                "onion-grater metrics" prints the same.
                """,
            valueName: "[host:]port"))
    var metricsListen: String?

    var metricsAddress: SocketAddress? {
        get throws(ConfigurationError) {
            guard let metricsListen else { return nil }
            do throws(ConfigurationError) { return try SocketAddress(tcpArgument: metricsListen) } catch {
                throw ConfigurationError("--metrics-listen: \(error)")
            }
        }
    }

    @Option(
        help: ArgumentHelp(
            "Write a cookie to this file, for applications that insist on one. Every user may read it.",
            discussion: """
                The default beside /run/onion-grater/control is control.authcookie; other sockets have none. It is not an \
                access control.
                """,
            valueName: "path"))
    var cookieFile: String?

    /// Where a server on `places` has its cookie.
    func cookiePath(on places: [Configuration.Listening]) -> String? {
        let hasStandardSocket = places.contains { place in
            switch place {
            case .unix(let path, _, _): path == Configuration.standardSocketPath
            case .inherited(let socket): socket.address == .unix(path: Configuration.standardSocketPath)
            case .tcp, .interface: false
            }
        }
        return cookieFile ?? (hasStandardSocket ? Configuration.standardCookiePath : nil)
    }

    /// Where to listen: on the sockets that systemd passed, and where the options say. The standard places are for when there
    /// is neither.
    func places(besides inherited: [InheritedSocket]) throws(ConfigurationError) -> [Configuration.Listening] {
        var places = inherited.map { Configuration.Listening.inherited($0) }
        for socket in listenSocket { places.append(try Configuration.Listening(argument: socket)) }
        if places.isEmpty { places.append(Configuration.standardSocket) }
        if noTCP {
            guard let port = inherited.first(where: \.isTCP) else { return places }
            throw ConfigurationError("--no-tcp, but systemd passed \(port.address): disable its socket unit")
        }
        let isAskedFor = listenInterface != nil || listenAddress != nil || listenPort != nil
        guard isAskedFor || inherited.isEmpty else { return places }
        let port = listenPort ?? Configuration.standardPort
        if let listenInterface { return places + [.interface(listenInterface, port: port)] }
        let host = listenAddress ?? "127.0.0.1"
        guard let address = IPAddress(host: host) else {
            throw ConfigurationError("--listen-address: '\(host)' is not an IPv4 or IPv6 address")
        }
        return places + [.tcp(address, port: port)]
    }
}
