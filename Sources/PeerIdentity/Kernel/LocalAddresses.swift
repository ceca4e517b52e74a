import ControlProtocol
import Glibc

/// The addresses of this machine, in the daemon's network namespace (getifaddrs(3)).
enum LocalAddresses {
    /// Whether a connection was made on this machine.
    ///
    /// A route can make addresses this machine's that no interface has, so the connection's other end is looked for, too.
    ///
    /// - Throws: `gone` if it was, and the client has closed it.
    static func haveMade(_ end: SocketEndpoint, connectedTo own: SocketEndpoint) throws(IdentityError) -> Bool {
        if try contain(end.address) { return true }
        return try SocketDiagnostics(find: end, connectedTo: own) != nil
    }

    /// Whether a connection to `address` stays on this machine: an interface has it, or a route leads it here.
    ///
    /// Nothing is sent: connect(2) on a datagram socket looks up the route, and to this machine that begins where it ends.
    static func include(_ address: IPAddress) throws(IdentityError) -> Bool {
        if try contain(address) { return true }
        guard let route = try SocketEndpoint.routeStart(to: address) else { return false }
        return route == address
    }

    private static func contain(_ address: IPAddress) throws(IdentityError) -> Bool {
        if address.isLoopback { return true }
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { throw .kernel(SystemCallError("getifaddrs")) }
        defer { freeifaddrs(first) }
        var next = first
        while let entry = next?.pointee {
            if let own = entry.ifa_addr, read(own) == address { return true }
            next = entry.ifa_next
        }
        return false
    }

    private static func read(_ socketAddress: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        let raw = UnsafeRawPointer(socketAddress)
        switch Int32(socketAddress.pointee.sa_family) {
        case AF_INET: return IPAddress(bytes: UnsafeRawBufferPointer(start: raw + 4, count: 4))
        case AF_INET6: return IPAddress(bytes: UnsafeRawBufferPointer(start: raw + 8, count: 16))
        default: return nil
        }
    }
}
