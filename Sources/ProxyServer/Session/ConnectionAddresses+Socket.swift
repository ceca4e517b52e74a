import ControlProtocol
import Profiles
import ServiceInterface

extension ConnectionAddresses {
    /// The ends of a client's connection. A unix socket has no addresses: what it connects is this machine, and the ports
    /// are 0, which tor refuses wherever it wants a port.
    init(client: SocketAddress?, server: SocketAddress?) {
        let (clientAddress, clientPort) = Self.texts(client)
        let (serverAddress, serverPort) = Self.texts(server)
        self.init(
            clientAddress: clientAddress, clientPort: clientPort, serverAddress: serverAddress, serverPort: serverPort)
    }

    /// An IPv6 address stands in brackets, as tor wants it before a colon and a port.
    private static func texts(_ address: SocketAddress?) -> (address: [UInt8], port: [UInt8]) {
        guard case .tcp(let ip, let port)? = address else { return (Array("127.0.0.1".utf8), Array("0".utf8)) }
        return (Array((ip.isIPv4 ? "\(ip)" : "[\(ip)]").utf8), Array("\(port)".utf8))
    }
}
