import ControlProtocol

/// Where a stream comes from, of which it is to be found out whether the client is there.
public struct StreamSource: Hashable, Sendable {
    /// Tor's number of the stream.
    public let stream: [UInt8]
    /// This end of a TCP connection to tor's SOCKS port.
    public let address: IPAddress
    public let port: UInt16
    /// The ports at one of which the connection's other end is: tor's, for SOCKS.
    public let socksPorts: Set<UInt16>
}
