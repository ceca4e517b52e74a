import Glibc
import PeerIdentity

/// Who may connect to a unix socket: the owner, group and permissions of its file.
public struct SocketAccess: Sendable, Hashable {
    /// Nil for the user that the process runs as. Another takes CAP_CHOWN.
    public var owner: UInt32?
    /// Nil for the process's own group. One that the process is no member of takes CAP_CHOWN.
    public var group: UInt32?
    /// As in chmod(2); connecting takes write permission.
    public var mode: UInt32

    /// All may connect, and what they may say is for profiles to decide.
    public static let everyone = SocketAccess(mode: 0o666)

    public init(owner: UInt32? = nil, group: UInt32? = nil, mode: UInt32) {
        self.owner = owner
        self.group = group
        self.mode = mode
    }

    /// Reads `owner=USER`, `group=GROUP` and `mode=MODE`, each at most once and by name or number.
    ///
    /// An owner or group without a mode means that nobody else may connect: 0600 and 0660.
    init(settings: some Sequence<Substring>) throws(ConfigurationError) {
        var values = [Substring: Substring]()
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, ["owner", "group", "mode"].contains(parts[0]) else {
                throw ConfigurationError(
                    "',\(setting)' is not a setting of a socket: the settings are ,owner=USER ,group=GROUP and ,mode=0660"
                )
            }
            guard values.updateValue(parts[1], forKey: parts[0]) == nil else {
                throw ConfigurationError("',\(parts[0])=' is given twice")
            }
        }
        owner = nil
        group = nil
        if let name = values["owner"] { owner = try Self.id(name, "user", NameService.id(ofUser:)) }
        if let name = values["group"] { group = try Self.id(name, "group", NameService.id(ofGroup:)) }
        if let octal = values["mode"] {
            mode = try Self.mode(octal)
        } else {
            mode = group != nil ? 0o660 : owner != nil ? 0o600 : Self.everyone.mode
        }
    }

    /// A name, or a number that is no name. The highest number means "no change" to chown(2).
    private static func id(
        _ text: Substring, _ kind: String, _ look: (String) -> UInt32?
    ) throws(ConfigurationError) -> UInt32 {
        if let id = look(String(text)) ?? UInt32(text), id < UInt32.max { return id }
        throw ConfigurationError("there is no \(kind) '\(text)' for a socket's file: create it, or name another")
    }

    private static func mode(_ octal: Substring) throws(ConfigurationError) -> UInt32 {
        guard let mode = UInt32(octal, radix: 8), mode <= 0o777, octal.first != "+" else {
            throw ConfigurationError("',mode=\(octal)' is not an octal mode such as 0660")
        }
        guard mode & 0o222 != 0 else {
            throw ConfigurationError(
                "',mode=\(octal)' lets nobody connect: connecting takes write permission, as in 0660")
        }
        return mode
    }
}
