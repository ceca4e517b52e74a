/// The name of a control-port command (`GETINFO`) or of an asynchronous event (`HS_DESC`).
///
/// Tor compares both ignoring case (control-spec, section 2.2), so a keyword is kept in capitals: two keywords are equal
/// exactly when tor takes them for the same. Invariant: one or more of `A-Z`, `0-9`, `_` and `-`.
///
/// Every command is compared with many keywords, so the bytes stand in the value itself, up to the length of the longest
/// that tor knows; a longer one has the rest in an array.
public struct Keyword: Hashable, Sendable {
    /// Eight bytes each, the first one lowest, filled up with zeros.
    @usableFromInline let packed: (first: UInt64, second: UInt64, third: UInt64)
    @usableFromInline let rest: [UInt8]

    /// Nil if `bytes` is empty or holds anything but ASCII letters, digits, `_` and `-`.
    public init?(_ bytes: some Collection<UInt8>) {
        let keyword = bytes.withContiguousStorageIfAvailable { Keyword(checking: $0) }
        guard let keyword = keyword ?? Array(bytes).withUnsafeBufferPointer({ Keyword(checking: $0) }) else {
            return nil
        }
        self = keyword
    }

    /// Nil if `bytes` is empty or holds anything but ASCII letters, digits, `_` and `-`.
    public init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.init(checking: bytes)
    }

    /// Nil if `text` is not a keyword.
    public init?(_ text: some StringProtocol) {
        self.init(Array(text.utf8))
    }

    private init?(checking bytes: UnsafeBufferPointer<UInt8>) {
        guard !bytes.isEmpty, bytes.allSatisfy(\.isOfKeyword) else { return nil }
        self.init(packing: bytes)
    }

    private init(packing bytes: UnsafeBufferPointer<UInt8>) {
        packed = (Self.word(0, of: bytes), Self.word(1, of: bytes), Self.word(2, of: bytes))
        rest = bytes.count > 24 ? bytes[24...].map(\.uppercasedASCII) : []
    }

    /// The bytes from `8 * index` on, in capitals.
    private static func word(_ index: Int, of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var word: UInt64 = 0
        var position = min(bytes.count, 8 * index + 8)
        while position > 8 * index {
            position -= 1
            word = word << 8 | UInt64(bytes[position].uppercasedASCII)
        }
        return word
    }

    /// The capital ASCII letters, digits, underscores and hyphens.
    public var bytes: [UInt8] {
        var bytes = [UInt8]()
        write(to: &bytes)
        return bytes
    }

    /// Appends `bytes`.
    func write(to output: inout [UInt8]) {
        withUnsafeBytes(of: (packed.first.littleEndian, packed.second.littleEndian, packed.third.littleEndian)) {
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<packedCount]))
        }
        if packedCount == 24 { output += rest }
    }

    /// How many bytes are in `packed`.
    private var packedCount: Int {
        let unused =
            packed.third != 0
            ? packed.third.leadingZeroBitCount
            : packed.second != 0 ? 64 + packed.second.leadingZeroBitCount : 128 + packed.first.leadingZeroBitCount
        return 24 - unused / 8
    }

    @inlinable public static func == (left: Keyword, right: Keyword) -> Bool {
        left.packed == right.packed && left.rest == right.rest
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(packed.first)
        hasher.combine(packed.second)
        hasher.combine(packed.third)
        if !rest.isEmpty { hasher.combine(rest) }
    }
}

extension Keyword: CustomStringConvertible {
    public var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension Keyword: ExpressibleByStringLiteral {
    /// For keywords written in source code; whatever else is written equals no parsed keyword.
    public init(stringLiteral value: StaticString) {
        self = value.withUTF8Buffer { Keyword(packing: $0) }
    }
}

extension UInt8 {
    fileprivate var isOfKeyword: Bool {
        isASCIILetter || isASCIIDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
    }
}
