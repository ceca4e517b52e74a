import LinearPattern

/// A `replacement`: text with places for a pattern's groups and for the connection's addresses.
///
/// The syntax is that of Python's `str.format`, restricted to `{}`, `{0}`, `{name}`, `{{`, `}}`, and the four
/// `Address` fields. `{0}` and the first `{}` are group 1, as in `template.format(*match.groups())`.
public struct Template: Sendable, Equatable {
    /// The places that stand for an end of the client's connection.
    public enum Address: String, Sendable, CaseIterable {
        case clientAddress = "client-address"
        case clientPort = "client-port"
        case serverAddress = "server-address"
        case serverPort = "server-port"
    }

    /// A stretch of the text.
    public enum Part: Sendable, Equatable {
        case literal([UInt8])
        /// A group of the pattern, from 1. One that took no part in the match is empty text.
        case group(Int)
        case address(Address)
    }

    /// In the order of the text.
    public let parts: [Part]
    /// Whether the text depends on what the pattern's groups took.
    public let usesGroups: Bool
    /// How many bytes the literals have.
    private let literalSize: Int

    public init(parts: [Part]) {
        self.parts = parts
        usesGroups = parts.contains { if case .group = $0 { true } else { false } }
        literalSize = parts.reduce(0) { if case .literal(let bytes) = $1 { $0 + bytes.count } else { $0 } }
    }
}

/// The texts that the `Address` fields of a template stand for in one session.
public struct ConnectionAddresses: Sendable, Equatable {
    /// IPv4, or IPv6 in brackets.
    public let clientAddress: [UInt8]
    /// Decimal; 0 where there is none.
    public let clientPort: [UInt8]
    /// IPv4, or IPv6 in brackets.
    public let serverAddress: [UInt8]
    /// Decimal; 0 where there is none.
    public let serverPort: [UInt8]

    public init(clientAddress: [UInt8], clientPort: [UInt8], serverAddress: [UInt8], serverPort: [UInt8]) {
        self.clientAddress = clientAddress
        self.clientPort = clientPort
        self.serverAddress = serverAddress
        self.serverPort = serverPort
    }
}

extension Template {
    /// The text, with what the groups of `captures` took from `input`.
    public func render(_ captures: Captures, of input: [UInt8], _ addresses: ConnectionAddresses) -> [UInt8] {
        var text = [UInt8]()
        text.reserveCapacity(literalSize + input.count)
        for part in parts {
            switch part {
            case .literal(let bytes): text += bytes
            case .group(let number): if let range = captures[number] { text += input[range] }
            case .address(.clientAddress): text += addresses.clientAddress
            case .address(.clientPort): text += addresses.clientPort
            case .address(.serverAddress): text += addresses.serverAddress
            case .address(.serverPort): text += addresses.serverPort
            }
        }
        return text
    }
}
