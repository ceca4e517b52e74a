import CAppArmor
import Glibc

/// The label that a unix socket's peer had when it connected (SO_PEERSEC, socket(7)), which no later exec can change.
enum ConnectTimeLabel {
    /// Labels above this size are refused.
    static let limit = 4096

    /// Nil where the kernel keeps no such record (before Linux 6.17) or AppArmor is not there to give it.
    static func read(ofUnixSocket descriptor: Int32) throws(IdentityError) -> Label? {
        guard ProcessLabel.isAppArmorPresent else { return nil }
        var label: UnsafeMutablePointer<CChar>?
        var mode: UnsafeMutablePointer<CChar>?
        guard aa_getpeercon(descriptor, &label, &mode) >= 0 else {
            switch errno {
            case ENOPROTOOPT: return nil
            // What libapparmor answers a confined caller that may not read AppArmor's parameters, whatever the kernel knows.
            case EINVAL: return try readWithoutLibrary(descriptor)
            default: throw .kernel(SystemCallError("aa_getpeercon"))
            }
        }
        defer { free(label) }
        guard let label else { return nil }
        // The library leaves the mode in the label where it does not find it.
        let text = bytes(label) + (mode.map { Array(" (".utf8) + bytes($0) + Array(")".utf8) } ?? [])
        return try Label.parse(text, source: "SO_PEERSEC")
    }

    private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    private static func readWithoutLibrary(_ descriptor: Int32) throws(IdentityError) -> Label? {
        var buffer = [UInt8](repeating: 0, count: limit)
        var length = socklen_t(buffer.count)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERSEC, &buffer, &length) == 0 else {
            if errno == ENOPROTOOPT || errno == EINVAL { return nil }
            throw .kernel(SystemCallError("SO_PEERSEC"))
        }
        return try Label.parse(buffer.prefix(Int(length)), source: "SO_PEERSEC")
    }
}
