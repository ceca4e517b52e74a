import ControlProtocol

/// The onion services that a client under only-own-onions may see and change: those that this session or an earlier
/// one of the same profile created, and nobody else's.
struct OwnOnionServices: Sendable {
    private var addresses: Set<[UInt8]>

    /// - Parameter addresses: of the services of earlier sessions, without `.onion`.
    init(_ addresses: Set<[UInt8]>) {
        self.addresses = addresses
    }

    mutating func insert(_ address: [UInt8]) {
        addresses.insert(address)
    }

    mutating func remove(_ address: [UInt8]) {
        addresses.remove(address)
    }

    func contains(_ address: some Collection<UInt8>) -> Bool {
        addresses.contains(Array(address))
    }

    /// Whether the client may hear of an event: HS_DESC and HS_DESC_CONTENT name a service (control-spec, sections 4.1.25
    /// and 4.1.26).
    func shows(_ name: Keyword, _ lines: [ReplyLine]) -> Bool {
        let words = lines.first?.text.split(separator: .space, maxSplits: 3) ?? []
        switch name {
        case "HS_DESC": return words.count > 2 && contains(words[2])
        case "HS_DESC_CONTENT": return words.count > 1 && contains(words[1])
        default: return true
        }
    }
}
