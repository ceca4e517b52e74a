import ControlProtocol

/// An element of `hosts`.
public enum HostMatcher: Sendable, Hashable, CustomStringConvertible {
    /// `*`: matches every remote client.
    case any
    /// The addresses whose first `prefix` bits are those of `address`; in it, the other bits are zero.
    case network(IPAddress, prefix: Int)

    /// An address, or a network in CIDR notation. Nil if it is neither. Host bits that are set are ignored.
    public init?(_ text: String) {
        if text == "*" {
            self = .any
            return
        }
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count <= 2, let address = IPAddress(pieces[0]) else { return nil }
        let bits = address.bytes.count * 8
        guard pieces.count == 2 else {
            self = .network(address, prefix: bits)
            return
        }
        // An IPv4-mapped IPv6 address counts its bits from the 96 that say so.
        let skipped = address.isIPv4 && pieces[0].utf8.contains(UInt8(ascii: ":")) ? 96 : 0
        guard let written = Int(pieces[1]), String(written) == pieces[1],
            (skipped...(skipped + bits)).contains(written),
            let network = Self.masked(address, prefix: written - skipped)
        else { return nil }
        self = .network(network, prefix: written - skipped)
    }

    /// Whether the address is in the network. An IPv4-mapped address counts as IPv4.
    public func matches(_ address: IPAddress) -> Bool {
        switch self {
        case .any: true
        case .network(let network, let prefix):
            network.bytes.count == address.bytes.count && Self.agree(network.bytes, address.bytes, bits: prefix)
        }
    }

    /// How many of the network's bits an address has, from 0 to 100.
    func likeness(to address: IPAddress) -> Int {
        guard case .network(let network, let prefix) = self, network.bytes.count == address.bytes.count else {
            return 0
        }
        let shared = (0...prefix).last { Self.agree(network.bytes, address.bytes, bits: $0) } ?? 0
        return 100 * shared / max(prefix, 1)
    }

    /// Whether the first `bits` bits are equal.
    private static func agree(_ first: [UInt8], _ second: [UInt8], bits: Int) -> Bool {
        for (index, (byte, other)) in zip(first, second).enumerated() {
            let relevant = min(bits - index * 8, 8)
            guard relevant > 0 else { break }
            if (byte ^ other) >> (8 - relevant) != 0 { return false }
        }
        return true
    }

    private static func masked(_ address: IPAddress, prefix: Int) -> IPAddress? {
        let bytes = address.bytes.enumerated().map { index, byte in
            let kept = min(max(prefix - index * 8, 0), 8)
            return byte & UInt8(truncatingIfNeeded: 0xFF00 >> kept)
        }
        return IPAddress(bytes: bytes)
    }

    public var description: String {
        switch self {
        case .any: "*"
        case .network(let address, let prefix) where prefix == address.bytes.count * 8: "\(address)"
        case .network(let address, let prefix): "\(address)/\(prefix)"
        }
    }
}
