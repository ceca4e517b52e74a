import ControlProtocol

/// Where a stream comes from; the caller finds out whether the client is there.
public struct StreamSource: Hashable, Sendable {
    /// Tor's number of the stream.
    public let stream: [UInt8]
    /// This end of a TCP connection to tor.
    public let address: IPAddress
    /// The port at that end.
    public let port: UInt16
    /// The ports at one of which the connection's other end is: those at which tor is asked for streams.
    public let torPorts: Set<UInt16>

    func over(_ ports: Set<UInt16>) -> StreamSource {
        StreamSource(stream: stream, address: address, port: port, torPorts: ports)
    }
}
