/// The bytes that the control protocol gives a meaning to. Inlinable, because nearly every byte is compared with some of them.
extension UInt8 {
    @inlinable public static var space: UInt8 { UInt8(ascii: " ") }
    @inlinable public static var dot: UInt8 { UInt8(ascii: ".") }
    @inlinable public static var comma: UInt8 { UInt8(ascii: ",") }
    @inlinable public static var quote: UInt8 { UInt8(ascii: "\"") }
    @inlinable public static var backslash: UInt8 { UInt8(ascii: "\\") }
    @inlinable public static var equals: UInt8 { UInt8(ascii: "=") }
    @inlinable public static var lineFeed: UInt8 { UInt8(ascii: "\n") }
    @inlinable public static var carriageReturn: UInt8 { UInt8(ascii: "\r") }

    /// Space to tilde: no control byte, nothing from 0x7F up.
    @inlinable public var isPrintableASCII: Bool { self >= 0x20 && self < 0x7F }

    /// A C0 control byte, such as a line break or a tab, or DEL.
    @inlinable public var isControl: Bool { self < 0x20 || self == 0x7F }

    /// `0` to `9`.
    @inlinable public var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// `A` to `Z` and `a` to `z`.
    @inlinable public var isASCIILetter: Bool {
        lowercasedASCII >= UInt8(ascii: "a") && lowercasedASCII <= UInt8(ascii: "z")
    }

    /// The lower-case form of an ASCII capital, and any other byte as it is.
    @inlinable public var lowercasedASCII: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    /// The capital form of an ASCII letter, and any other byte as it is.
    @inlinable public var uppercasedASCII: UInt8 {
        self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") ? self & 0xDF : self
    }
}

extension [UInt8] {
    /// CR LF.
    public static let lineEnd: [UInt8] = [.carriageReturn, .lineFeed]
}

extension Collection<UInt8> {
    /// The bytes with ASCII capitals made small: the form in which tor compares option names.
    public var lowercasedASCII: [UInt8] { map(\.lowercasedASCII) }

    /// Whether both are the same but for the case of ASCII letters.
    public func equalsIgnoringCase(_ other: some Collection<UInt8>) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    /// Whether this begins with `prefix`, the case of ASCII letters aside.
    public func startsIgnoringCase(with prefix: some Collection<UInt8>) -> Bool {
        count >= prefix.count && self.prefix(prefix.count).equalsIgnoringCase(prefix)
    }
}
