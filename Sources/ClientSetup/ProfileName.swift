import Profiles

/// The name of a profile's file, without `.yml`, that can be that of a socket and a systemd unit as well.
public struct ProfileName: Sendable, Hashable, CustomStringConvertible {
    public let description: String

    /// What is in the daemon's folder under these names is its own.
    private static let reserved: Set = ["control", "admin", "control.authcookie"]

    /// Throws what is wrong with the name.
    public init(_ name: String) throws(SetupFailure) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("."), !name.hasPrefix("-"), name.utf8.count <= 64 else {
            throw SetupFailure(
                "\(quoted(name)) cannot be the name of a socket: it takes letters, digits, '-', '_' and '.', at most 64"
            )
        }
        guard !Self.reserved.contains(name) else {
            throw SetupFailure("\(quoted(name)) is the name of a file that the daemon has beside its sockets")
        }
        description = name
    }

    /// The application's own socket.
    var socketPath: String { "/run/onion-grater/\(self)" }

    /// The systemd unit of that socket.
    var socketUnit: String { "onion-grater-\(self).socket" }
}
