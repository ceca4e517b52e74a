import ControlProtocol

/// The addresses of control ports, tor's and our own: an onion service may not lead to any of them, whatever a profile says,
/// because that would open them to the world.
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

    /// Whether `target` is, or could turn out to be, one of the endpoints.
    ///
    /// A host that is no numeric address counts as this machine: tor looks names up, and `localhost` or `127.1` are names.
    func include(_ target: OnionServiceRequest.Target) -> Bool {
        switch target {
        case .unix(let path):
            // What a relative path leads to depends on where tor was started.
            guard path.first == UInt8(ascii: "/"), !Self.leadsAnywhere(path) else { return true }
            let path = Self.normalize(path)
            return path.isEmpty || unixPaths.contains { Self.normalize(Array($0.utf8)) == path }
        case .tcp(let host, let port):
            guard ports.contains(port) else { return false }
            guard let address = IPAddress(String(decoding: host, as: UTF8.self)) else { return true }
            return address.isLoopback || address.isUnspecified || localAddresses.contains(address)
        }
    }

    /// Whether a path goes through the links to what tor has open, or back out of a directory, which may be a link too.
    private static func leadsAnywhere(_ path: [UInt8]) -> Bool {
        let isUpward = path.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
        let components = normalize(path)
        return isUpward
            || [["proc"], ["dev", "fd"]].contains { links in
                components.count >= links.count && zip(components, links).allSatisfy { $0.elementsEqual($1.utf8) }
            }
    }

    /// The components that are left of a path when `.`, `..` and doubled slashes are worked out, and /var/run, which is a
    /// link to /run on every Debian system.
    private static func normalize(_ path: [UInt8]) -> [ArraySlice<UInt8>] {
        var components = [ArraySlice<UInt8>]()
        for component in path.split(separator: UInt8(ascii: "/")) {
            switch component {
            case _ where component.elementsEqual(".".utf8): continue
            case _ where component.elementsEqual("..".utf8): _ = components.popLast()
            default: components.append(component)
            }
        }
        if components.count > 1, components[0].elementsEqual("var".utf8), components[1].elementsEqual("run".utf8) {
            components.removeFirst()
        }
        return components
    }
}
