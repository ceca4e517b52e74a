import ControlProtocol

/// A STREAM event's description of a stream (control-spec, section 4.1.2).
struct StreamEvent {
    enum Source: Equatable {
        /// The program that asked tor for the stream.
        case program(IPAddress, port: UInt16)
        /// Tor itself, a program on a unix socket of tor's, or a source that is not told.
        case none
    }

    let stream: [UInt8]
    let status: Keyword
    /// Nil while the stream is attached to none.
    let circuit: [UInt8]?
    let source: Source
    /// Whether tor was asked over a TCP connection to a port of its own, so that `source` is the other end of it: for SOCKS or
    /// HTTP. Other sources are ends of something else: of a datagram to DNSPort, of a connection that was redirected to
    /// TransPort. Tor before 0.4.5 does not tell.
    let isAskedForByConnection: Bool

    /// Nil if the line is not a STREAM event's.
    init?(_ text: [UInt8]) {
        let words = text.split(separator: .space)
        guard words.count >= 4, words[0].elementsEqual("STREAM".utf8), let status = Keyword(words[2]) else {
            return nil
        }
        stream = Array(words[1])
        self.status = status
        circuit = words[3].elementsEqual("0".utf8) ? nil : Array(words[3])
        func value(of name: String) -> ArraySlice<UInt8>? {
            words.dropFirst(4).first { $0.starts(with: name.utf8) }?.dropFirst(name.utf8.count)
        }
        source = value(of: "SOURCE_ADDR=").flatMap(Self.source) ?? .none
        isAskedForByConnection = value(of: "CLIENT_PROTOCOL=").map { Self.connecting.contains(Array($0)) } ?? false
    }

    private static let connecting = Set(["SOCKS4", "SOCKS5", "HTTPCONNECT"].map { Array($0.utf8) })

    /// Whether the stream begins with this event.
    var isFirst: Bool { status == "NEW" || status == "NEWRESOLVE" }

    /// Whether the stream ends with this event.
    var isLast: Bool { status == "CLOSED" || status == "FAILED" }

    /// `ADDRESS:PORT`, an IPv6 address in brackets or not.
    private static func source(_ text: ArraySlice<UInt8>) -> Source? {
        guard let colon = text.lastIndex(of: UInt8(ascii: ":")),
            let port = UInt16(String(decoding: text[(colon + 1)...], as: UTF8.self)), port != 0
        else { return nil }
        var host = text[..<colon]
        if host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]") { host = host.dropFirst().dropLast() }
        return IPAddress(String(decoding: host, as: UTF8.self)).map { .program($0, port: port) }
    }
}
