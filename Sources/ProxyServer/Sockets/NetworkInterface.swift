import ControlProtocol
import Glibc
import ServiceInterface

/// An address of one of this machine's network interfaces, as getifaddrs(3) lists them.
struct NetworkInterface: Hashable, Sendable {
    let name: String
    let address: IPAddress

    /// All addresses of all interfaces; empty if the kernel does not say.
    static func all() -> [NetworkInterface] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found = [NetworkInterface]()
        var next = list
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let name = entry.ifa_name, let address = entry.ifa_addr,
                case .tcp(let ip, _)? = SocketAddress(address)
            else { continue }
            found.append(NetworkInterface(name: String(cString: name), address: ip))
        }
        return found
    }

    /// The addresses of one interface that can be listened on; throws if it has none.
    static func addresses(of name: String) throws(SystemError) -> [IPAddress] {
        let found = all().filter { $0.name == name && !$0.isLinkLocal }.map(\.address)
        guard !found.isEmpty else {
            throw SystemError("cannot listen on the interface \(name): it has no address", code: EADDRNOTAVAIL)
        }
        return found
    }

    /// fe80::/10, which means nothing without an interface beside it.
    private var isLinkLocal: Bool {
        address.bytes.count == 16 && address.bytes[0] == 0xFE && address.bytes[1] & 0xC0 == 0x80
    }
}
