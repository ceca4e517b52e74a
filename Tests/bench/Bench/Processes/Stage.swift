import BenchSupport
import Glibc

/// A tor, and every route to it.
struct Stage {
    enum Transport {
        case unix
        case tcp
    }

    let endpoints: [Route: Endpoint]

    /// The routes that have a process in the middle.
    var proxies: [(route: Route, address: Address, server: ServerProcess)] {
        Route.allCases.compactMap { route in
            endpoints[route].flatMap { endpoint in endpoint.server.map { (route, endpoint.address, $0) } }
        }
    }

    /// Starts the relays and the daemon in front of `tor`; clients reach them as they reach tor.
    init(tor: Address, name: String, in folder: ScratchFolder) throws {
        let programs = try Programs()
        var endpoints = [Route.direct: Endpoint(address: tor, server: nil)]
        for route in Route.allCases where route != .direct {
            let label = "\(name).\(route.rawValue.split(separator: " ").joined(separator: "-"))"
            let address = try tor.sibling(folder.file("\(label).sock"))
            let arguments: [String] =
                switch route {
                case .direct: []
                case .epollRelay: [programs.baseline, "relay", "\(address)", "\(tor)"]
                case .dispatchRelay: [programs.dispatchRelay, "\(address)", "\(tor)"]
                case .onionGrater:
                    Self.daemon(programs.onionGrater, address, tor, unused: folder.file("\(label).unused"))
                        + [
                            "--profiles", folder.file("profiles"), "--max-connections-per-second", "1000000",
                            "--max-sessions-per-user", "20000",
                        ]
                }
            let server = try ServerProcess(arguments, log: folder.file("\(label).log"))
            try server.wait(for: address)
            endpoints[route] = Endpoint(address: address, server: server)
        }
        self.endpoints = endpoints
    }

    private static func daemon(_ program: String, _ address: Address, _ tor: Address, unused: String) -> [String] {
        let listening =
            switch address {
            case .unix(let path): ["--no-tcp", "--listen-socket", "bench=\(path)"]
            case .tcp(let port): ["--listen-port", "\(port)", "--listen-socket", "bench=\(unused)"]
            }
        let upstream =
            switch tor {
            case .unix(let path): ["--control-socket", path]
            case .tcp(let port): ["--control-port", "127.0.0.1:\(port)"]
            }
        return [program] + listening + upstream
    }
}

extension Address {
    /// An address of the same kind: the unix socket `path`, or a free port.
    fileprivate func sibling(_ path: String) throws -> Address {
        switch self {
        case .unix: return .unix(path)
        case .tcp:
            guard let port = Address.freePort() else { throw BenchError(doing: "find a free port") }
            return .tcp(port)
        }
    }
}
