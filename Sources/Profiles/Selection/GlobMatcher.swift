/// The name of a systemd unit, in which `*` stands for any text and `?` for any one character.
public struct GlobMatcher: Sendable, Hashable, CustomStringConvertible {
    private let glob: String

    public init(_ glob: String) {
        self.glob = glob
    }

    /// Time and memory are bounded by the product of the two lengths, of which the first is an administrator's and the second
    /// at most 256 (systemd.unit(5)).
    public func matches(_ name: String) -> Bool {
        Self.matches(Array(glob.utf8), Array(name.utf8))
    }

    private static func matches(_ glob: [UInt8], _ name: [UInt8]) -> Bool {
        var (position, offset) = (0, 0)
        // Where to resume after the last star, which then takes one byte more.
        var retry: (position: Int, offset: Int)?
        while offset < name.count {
            if position < glob.count, glob[position] == UInt8(ascii: "*") {
                retry = (position + 1, offset)
                position += 1
            } else if position < glob.count, glob[position] == UInt8(ascii: "?") || glob[position] == name[offset] {
                position += 1
                offset += 1
            } else if let last = retry {
                retry = (last.position, last.offset + 1)
                (position, offset) = (last.position, last.offset + 1)
            } else {
                return false
            }
        }
        return glob[position...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Whether it may match more than one name.
    var hasWildcards: Bool { glob.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") } }

    public var description: String { glob }
}
