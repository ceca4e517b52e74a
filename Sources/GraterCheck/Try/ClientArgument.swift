import ControlProtocol
import Profiles

/// A client as it is written on a command line: `label=/usr/bin/chat,user=amnesia`.
public enum ClientArgument {
    /// Why the text is none.
    public struct Failure: Error, Sendable {
        /// What is wrong, as a sentence.
        public let message: String
    }

    private enum Key: String, CaseIterable {
        case label, exe, user, uid, group, gid, unit, flatpak, socket, host
    }

    /// `exe` is the program of an unconfined client, `host` the address of a remote one; `group` and `gid` may be repeated.
    public static func parse(_ text: String) throws(Failure) -> ClientDescription {
        var client = ClientDescription(origin: .local(socket: nil))
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let key = Key(rawValue: String(parts[0])), !parts[1].isEmpty else {
                let keys = Key.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(message: "'\(item)' is not KEY=VALUE with one of the keys \(keys)")
            }
            try set(key, to: String(parts[1]), of: &client)
        }
        return client
    }

    private static func set(_ key: Key, to value: String, of client: inout ClientDescription) throws(Failure) {
        switch key {
        case .label: client.label = .confined(value)
        case .exe: client.label = .unconfined(executable: value)
        case .user: client.userName = value
        case .uid: client.uid = try number(value)
        case .group: client.groupNames.append(value)
        case .gid: client.gids.append(try number(value))
        case .unit: client.unit = UnitName(value)
        case .flatpak: client.flatpak = value
        case .socket: client.origin = .local(socket: value)
        case .host:
            guard let address = IPAddress(value) else {
                throw Failure(message: "'\(value)' is not an IPv4 or IPv6 address")
            }
            client.origin = .remote(address)
        }
    }

    private static func number(_ text: String) throws(Failure) -> UInt32 {
        guard let number = UInt32(text) else {
            throw Failure(message: "'\(text)' is not the number of a user or group")
        }
        return number
    }
}
