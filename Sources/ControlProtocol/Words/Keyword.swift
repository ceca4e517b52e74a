/// The name of a control-port command (`GETINFO`) or of an asynchronous event (`HS_DESC`).
///
/// Tor compares both ignoring case (control-spec, section 2.2), so a keyword is kept in capitals: two keywords are equal
/// exactly when tor takes them for the same. Invariant: one or more of `A-Z`, `0-9`, `_` and `-`.
public struct Keyword: Hashable, Sendable {
    /// The capital ASCII letters, digits, underscores and hyphens.
    public let bytes: [UInt8]

    /// Nil if `bytes` is empty or holds anything but ASCII letters, digits, `_` and `-`.
    public init?(_ bytes: some Collection<UInt8>) {
        var upper = [UInt8]()
        upper.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): upper.append(byte & 0xDF)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                upper.append(byte)
            default: return nil
            }
        }
        guard !upper.isEmpty else { return nil }
        self.bytes = upper
    }

    /// Nil if `text` is not a keyword.
    public init?(_ text: some StringProtocol) {
        self.init(Array(text.utf8))
    }
}

extension Keyword: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension Keyword: ExpressibleByStringLiteral {
    /// For keywords written in source code, which are upper-case words; whatever else is written is kept as it is and
    /// equals no parsed keyword.
    public init(stringLiteral value: StaticString) {
        bytes = value.withUTF8Buffer { Array($0) }
    }
}
