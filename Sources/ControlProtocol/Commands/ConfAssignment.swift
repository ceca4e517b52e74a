/// One `keyword[=value]` of SETCONF or RESETCONF (control-spec, sections 3.1 and 3.2).
///
/// Tor needs no space between a quoted value and the next keyword, so a line is always parsed into assignments and
/// rebuilt from them.
public struct ConfAssignment: Sendable, Equatable {
    /// The option's name: ASCII letters, digits and underscores.
    public var name: [UInt8]
    /// The decoded value; nil where there is no `=`.
    public var value: [UInt8]?
    /// Whether the value stood in quotes.
    public var isQuoted: Bool

    public init(name: [UInt8], value: [UInt8]?, isQuoted: Bool = false) {
        self.name = name
        self.value = value
        self.isQuoted = isQuoted
    }

    /// The assignments of an argument, in order; nil if it is not a list of them.
    public static func parse(_ argument: [UInt8]) -> [ConfAssignment]? {
        var assignments = [ConfAssignment]()
        var rest = argument.drop { $0 == .space }
        while !rest.isEmpty {
            let name = Array(rest.prefix { $0 != .equals && $0 != .space })
            guard isOptionName(name) else { return nil }
            rest = rest.dropFirst(name.count)
            if rest.first == .equals {
                rest = rest.dropFirst()
                let value: [UInt8]
                let isQuoted = rest.first == .quote
                if isQuoted {
                    guard let quoted = QuotedString.decode(rest) else { return nil }
                    (value, rest) = quoted
                } else {
                    value = Array(rest.prefix { $0 != .space })
                    rest = rest.dropFirst(value.count)
                }
                assignments.append(ConfAssignment(name: name, value: value, isQuoted: isQuoted))
            } else {
                assignments.append(ConfAssignment(name: name, value: nil))
            }
            rest = rest.drop { $0 == .space }
        }
        return assignments
    }

    /// Whether tor could have an option of this name: ASCII letters, digits and underscores, at least one.
    public static func isOptionName(_ name: some Collection<UInt8>) -> Bool {
        !name.isEmpty && name.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") }
    }

    /// The assignment as it is written in a command: printable ASCII, the value quoted unless it is a plain word.
    public var text: [UInt8] {
        guard let value else { return name }
        let isPlain = !value.isEmpty && value.allSatisfy { Self.plainValueBytes.contains($0) }
        return name + [.equals] + (isPlain ? value : QuotedString.encode(value))
    }

    private static let plainValueBytes = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/,-".utf8)
}
