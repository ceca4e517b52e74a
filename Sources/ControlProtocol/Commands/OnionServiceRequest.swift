/// The arguments of ADD_ONION as far as they say where the service leads (control-spec, section 3.27).
public struct OnionServiceRequest: Sendable, Equatable {
    /// Where connections to one port of the service are to go.
    public enum Target: Sendable, Hashable {
        /// A TCP port at an address; `host` is as it was written, without brackets, and may be a name that tor looks up.
        case tcp(host: [UInt8], port: UInt16)
        /// A unix socket.
        case unix(path: [UInt8])
    }

    /// One for each `Port`, in order.
    public let targets: [Target]
    /// Whether the service is to outlive the connection that creates it (`Flags=Detach`).
    public let isDetached: Bool

    /// The words that tor answers to. It knows one more, `ClientAuth`, to which it gives no reply at all.
    private static let keywords = [
        "Port", "Flags", "MaxStreams", "ClientAuthV3", "PoWDefensesEnabled", "PoWQueueRate", "PoWQueueBurst",
    ].map { Array($0.utf8) }
    private static let port = keywords[0]
    private static let flags = keywords[1]
    private static let detach = Array("Detach".utf8)
    private static let loopback = Array("127.0.0.1".utf8)
    private static let unixPrefix = Array("unix:".utf8)

    /// Nil if the argument is not one that tor takes: a `Port` with no port number in it, a quote, or an unknown word.
    public init?(_ argument: [UInt8]) {
        guard !argument.contains(.quote) else { return nil }
        var rest = argument[...]
        guard let key = Self.nextWord(&rest), key.contains(UInt8(ascii: ":")) else { return nil }
        var targets = [Target]()
        var isDetached = false
        while let word = Self.nextWord(&rest) {
            guard let equals = word.firstIndex(of: .equals) else { return nil }
            let name = word[..<equals]
            let value = word[(equals + 1)...]
            if name.equalsIgnoringCase(Self.port) {
                guard let target = Self.target(value) else { return nil }
                targets.append(target)
            } else if name.equalsIgnoringCase(Self.flags) {
                isDetached =
                    isDetached || value.split(separator: .comma).contains { $0.equalsIgnoringCase(Self.detach) }
            } else if !Self.keywords.contains(where: { name.equalsIgnoringCase($0) }) {
                return nil
            }
        }
        self.targets = targets
        self.isDetached = isDetached
    }

    /// Takes the next word and the spaces before it.
    private static func nextWord(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        rest = rest.drop { $0 == .space }
        guard !rest.isEmpty else { return nil }
        let word = rest.prefix { $0 != .space }
        rest = rest[word.endIndex...]
        return word
    }

    /// The target of the value of a `HiddenServicePort` option, `VIRTPORT [TARGET]` (tor(1)); nil if there is none, or one
    /// in quotes.
    public static func target(hiddenServicePort value: [UInt8]) -> Target? {
        let parts = value.split(separator: .space)
        guard parts.count <= 2, !value.contains(.quote) else { return nil }
        return target(Array(parts.joined(separator: [.comma]))[...])
    }

    /// The target of `VIRTPORT[,TARGET]`: TARGET is `PORT`, `ADDRESS[:PORT]` or `unix:PATH`; without one it is VIRTPORT.
    private static func target(_ value: ArraySlice<UInt8>) -> Target? {
        let first = value.prefix { $0 != .comma }
        guard let virtualPort = port(first) else { return nil }
        guard first.endIndex < value.endIndex else { return .tcp(host: loopback, port: virtualPort) }
        let target = value[(first.endIndex + 1)...]
        if target.startsIgnoringCase(with: unixPrefix) { return .unix(path: Array(target.dropFirst(5))) }
        if let port = port(target) { return .tcp(host: loopback, port: port) }
        if target.first == UInt8(ascii: "[") {
            guard let end = target.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let host = Array(target[(target.startIndex + 1)..<end])
            let rest = target[(end + 1)...]
            if rest.isEmpty { return .tcp(host: host, port: virtualPort) }
            guard rest.first == UInt8(ascii: ":"), let port = port(rest.dropFirst()) else { return nil }
            return .tcp(host: host, port: port)
        }
        guard let colon = target.lastIndex(of: UInt8(ascii: ":")) else {
            // Without a dot it is a number to tor, even if it is none to us: `+9051`.
            return target.contains(.dot) ? .tcp(host: Array(target), port: virtualPort) : nil
        }
        // An IPv6 address without brackets can be read with a port at its end and without.
        guard target.firstIndex(of: UInt8(ascii: ":")) == colon, let port = port(target[(colon + 1)...]) else {
            return nil
        }
        return .tcp(host: Array(target[..<colon]), port: port)
    }

    private static func port(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard !digits.isEmpty else { return nil }
        var port: UInt16 = 0
        for digit in digits {
            guard digit.isASCIIDigit else { return nil }
            let (tens, isTooLarge) = port.multipliedReportingOverflow(by: 10)
            let (sum, isOver) = tens.addingReportingOverflow(UInt16(digit - UInt8(ascii: "0")))
            guard !isTooLarge, !isOver else { return nil }
            port = sum
        }
        return port
    }
}

extension OnionServiceRequest.Target: CustomStringConvertible {
    /// As ADD_ONION writes it: `127.0.0.1:8080`, `[::1]:8080`, `unix:/run/app/web`. Client's bytes: escape it before it is shown.
    public var description: String {
        switch self {
        case .tcp(let host, let port):
            let host = String(decoding: host, as: UTF8.self)
            return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): return "unix:\(String(decoding: path, as: UTF8.self))"
        }
    }
}
