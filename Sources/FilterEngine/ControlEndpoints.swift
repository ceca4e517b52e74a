import ControlProtocol

/// Where control ports listen, tor's and our own: an onion service may not lead to any of them, whatever a profile says,
/// for it would open them to the world.
public struct ControlEndpoints: Sendable {
    /// Paths of unix sockets, absolute.
    public var unixPaths: [String]
    /// TCP ports.
    public var ports: Set<UInt16>
    /// Addresses of this machine beside loopback.
    public var localAddresses: [IPAddress]

    public init(unixPaths: [String] = [], ports: Set<UInt16> = [], localAddresses: [IPAddress] = []) {
        self.unixPaths = unixPaths
        self.ports = ports
        self.localAddresses = localAddresses
    }
}
