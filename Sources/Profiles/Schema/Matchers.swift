import ControlProtocol

/// An element of `apparmor-profiles`, `flatpaks` or `sockets`.
public enum NameMatcher: Sendable, Hashable, CustomStringConvertible {
    /// `*`: matches any client, one of which nothing is known included.
    case any
    /// This name, byte for byte.
    case exactly(String)

    public init(_ text: String) {
        self = text == "*" ? .any : .exactly(text)
    }

    public func matches(_ name: String?) -> Bool {
        switch self {
        case .any: true
        case .exactly(let wanted): name.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
        }
    }

    public var description: String {
        switch self {
        case .any: "*"
        case .exactly(let name): name
        }
    }
}

/// An element of `users` or `groups`.
public enum AccountMatcher: Sendable, Hashable, CustomStringConvertible {
    /// `*`: matches any client, one of which nothing is known included.
    case any
    case id(UInt32)
    case name(String)

    /// Nil for a number that is no uid or gid, or not written as plain decimal.
    public init?(_ text: String) {
        if text == "*" {
            self = .any
        } else if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            guard let id = UInt32(text), id != .max, String(id) == text else { return nil }
            self = .id(id)
        } else {
            self = .name(text)
        }
    }

    public func matches(id: UInt32?, name: String?) -> Bool {
        switch self {
        case .any: true
        case .id(let wanted): id == wanted
        case .name(let wanted): name.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
        }
    }

    public var description: String {
        switch self {
        case .any: "*"
        case .id(let id): String(id)
        case .name(let name): name
        }
    }
}

/// An element of `units`: a systemd unit's name, in which `*` stands for any text and `?` for any one character.
public struct GlobMatcher: Sendable, Hashable, CustomStringConvertible {
    private let glob: String

    public init(_ glob: String) {
        self.glob = glob
    }

    /// Whether it has no `*` and no `?`.
    public var isLiteral: Bool { !glob.utf8.contains(UInt8(ascii: "*")) && !glob.utf8.contains(UInt8(ascii: "?")) }

    /// `*` alone matches a client of which no unit is known, too. Time and memory are bounded by the product of the
    /// two lengths, of which the first is an administrator's and the second at most 256 (systemd.unit(5)).
    public func matches(_ name: String?) -> Bool {
        guard let name else { return glob == "*" }
        return Self.matches(Array(glob.utf8), Array(name.utf8))
    }

    private static func matches(_ glob: [UInt8], _ name: [UInt8]) -> Bool {
        var (position, offset) = (0, 0)
        // Where to resume after the last star, which then takes one byte more.
        var retry: (position: Int, offset: Int)?
        while offset < name.count {
            if position < glob.count, glob[position] == UInt8(ascii: "*") {
                retry = (position + 1, offset)
                position += 1
            } else if position < glob.count, glob[position] == UInt8(ascii: "?") || glob[position] == name[offset] {
                position += 1
                offset += 1
            } else if let last = retry {
                retry = (last.position, last.offset + 1)
                (position, offset) = (last.position, last.offset + 1)
            } else {
                return false
            }
        }
        return glob[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    public var description: String { glob }
}

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

    public func matches(_ address: IPAddress) -> Bool {
        switch self {
        case .any: true
        case .network(let network, let prefix):
            network.bytes.count == address.bytes.count && Self.agree(network.bytes, address.bytes, bits: prefix)
        }
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
