/// A set of byte values: what one position of a pattern accepts.
struct ByteSet: Sendable, Hashable {
    /// 256 bits, byte 0 lowest.
    private var bits: SIMD4<UInt64>

    static let none = ByteSet(bits: .zero)
    static let all = ByteSet(bits: SIMD4(repeating: .max))
    static let newline = ByteSet([UInt8(ascii: "\n")])
    /// ASCII `\d`.
    static let digits = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
    /// ASCII `\s`: space, and tab to carriage return.
    static let spaces = ByteSet(9...13).union(ByteSet([UInt8(ascii: " ")]))
    /// ASCII letters.
    static let letters = ByteSet(UInt8(ascii: "a")...UInt8(ascii: "z"))
        .union(ByteSet(UInt8(ascii: "A")...UInt8(ascii: "Z")))
    /// ASCII `\w`.
    static let wordBytes = digits.union(letters).union(ByteSet([UInt8(ascii: "_")]))

    private init(bits: SIMD4<UInt64>) { self.bits = bits }

    /// One round for all bits: loading a profile hashes a set for each byte of its patterns.
    func hash(into hasher: inout Hasher) {
        hasher.combine(bits[0] &+ bits[1] &* 3 &+ bits[2] &* 5 &+ bits[3] &* 7)
    }

    init(_ bytes: some Sequence<UInt8>) {
        bits = .zero
        for byte in bytes { insert(byte) }
    }

    mutating func insert(_ byte: UInt8) {
        bits[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
    }

    func contains(_ byte: UInt8) -> Bool {
        bits[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1
    }

    func union(_ other: ByteSet) -> ByteSet { ByteSet(bits: bits | other.bits) }
    func intersection(_ other: ByteSet) -> ByteSet { ByteSet(bits: bits & other.bits) }
    func subtracting(_ other: ByteSet) -> ByteSet { ByteSet(bits: bits & ~other.bits) }
    var complement: ByteSet { ByteSet(bits: ~bits) }
    var isEmpty: Bool { bits == .zero }

    var count: Int { (0..<4).reduce(0) { $0 + bits[$1].nonzeroBitCount } }

    /// The smallest member.
    var first: UInt8? {
        for word in 0..<4 where bits[word] != 0 {
            return UInt8(word * 64 + bits[word].trailingZeroBitCount)
        }
        return nil
    }

    /// The members and their counterparts in the other case, as `re.IGNORECASE | re.ASCII` takes them.
    var ignoringCase: ByteSet {
        var folded = self
        for upper in UInt8(ascii: "A")...UInt8(ascii: "Z") {
            let lower = upper | 0x20
            if contains(upper) || contains(lower) {
                folded.insert(upper)
                folded.insert(lower)
            }
        }
        return folded
    }
}
