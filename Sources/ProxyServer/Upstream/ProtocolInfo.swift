import ControlProtocol

/// Tor's reply to PROTOCOLINFO (control-spec, section 3.21). Lines and words that are not known are skipped, as
/// the specification asks.
struct ProtocolInfo: Equatable {
    /// In capitals: `NULL`, `COOKIE`, `SAFECOOKIE`, `HASHEDPASSWORD`.
    private(set) var methods: Set<String> = []
    private(set) var cookieFile: String?
    /// Tor's version, as in `0.4.9.11`.
    private(set) var version: [UInt8]?

    init(_ reply: [ReplyLine]) {
        for line in reply {
            if line.text.starts(with: "AUTH ".utf8) {
                readAuthentication(line.text.dropFirst(5))
            } else if line.text.starts(with: "VERSION Tor=".utf8) {
                version = QuotedString.decode(line.text.dropFirst(12))?.text
            }
        }
    }

    private mutating func readAuthentication(_ words: ArraySlice<UInt8>) {
        let cookieKey = Array("COOKIEFILE=".utf8)
        var rest = words
        while !rest.isEmpty {
            if rest.starts(with: cookieKey), let path = QuotedString.decode(rest.dropFirst(cookieKey.count)) {
                cookieFile = String(decoding: path.text, as: UTF8.self)
                rest = path.rest
            } else {
                let word = rest.prefix { $0 != .space }
                rest = rest.dropFirst(word.count + 1)
                guard word.starts(with: "METHODS=".utf8) else { continue }
                methods = Set(
                    word.dropFirst(8).split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) })
            }
        }
    }
}
