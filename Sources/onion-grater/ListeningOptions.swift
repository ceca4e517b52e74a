import ArgumentParser
import ControlProtocol
import ProxyServer

struct ListeningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Listen on this unix socket; may be given several times.",
            discussion: """
                Replaces /run/onion-grater/control. Profiles know the socket by NAME ("sockets"), which is the file's \
                name where none is given. Behind the path, ",owner=USER", ",group=GROUP" and ",mode=0660" say who may connect: \
                all, where none of them is given.
                """,
            valueName: "[name=]path[,…]"))
    var listenSocket: [String] = []

    @Option(help: ArgumentHelp("Listen on this IPv4 or IPv6 address.", valueName: "address"))
    var listenAddress = "127.0.0.1"

    @Option(help: ArgumentHelp("Listen on this TCP port.", valueName: "port"))
    var listenPort = Configuration.standardPort

    @Option(
        help: ArgumentHelp(
            "Listen on all addresses of this network interface, and not on --listen-address.", valueName: "interface"))
    var listenInterface: String?

    @Flag(name: .customLong("no-tcp"), help: "Listen on no TCP port.")
    var noTCP = false

    @Option(
        help: ArgumentHelp(
            "Answer administrators on this unix socket: root, and who is in its group. \"none\" for no such socket.",
            discussion: "The default is \(AdminSocket.standardPath), if it can be had, for onion-grater's own group.",
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

    var places: [Configuration.Listening] {
        get throws {
            var places = [Configuration.Listening]()
            for socket in listenSocket { places.append(try Configuration.Listening(argument: socket)) }
            if places.isEmpty { places.append(Configuration.standardSocket) }
            if noTCP { return places }
            if let listenInterface { return places + [.interface(listenInterface, port: listenPort)] }
            guard let address = IPAddress(host: listenAddress) else {
                throw ConfigurationError("--listen-address: '\(listenAddress)' is no IPv4 or IPv6 address")
            }
            return places + [.tcp(address, port: listenPort)]
        }
    }
}
