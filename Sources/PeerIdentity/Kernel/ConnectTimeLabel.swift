import Glibc

/// The label that a unix socket's peer had when it connected (SO_PEERSEC, socket(7)), which no later exec can change.
///
/// The option is read directly: aa_getpeercon(3) answers EINVAL to a confined caller that may not read AppArmor's
/// parameters, and splits a mode off labels that the kernel ends without a NUL only in some of its versions.
enum ConnectTimeLabel {
    /// Labels above this size are refused.
    static let limit = 4096

    /// Nil where the kernel keeps no such record (before Linux 6.17) or AppArmor is not there to give it.
    static func read(ofUnixSocket descriptor: Int32) throws(IdentityError) -> Label? {
        guard ProcessLabel.isAppArmorPresent else { return nil }
        var buffer = [UInt8](repeating: 0, count: limit)
        var length = socklen_t(buffer.count)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERSEC, &buffer, &length) == 0 else {
            if errno == ENOPROTOOPT || errno == EINVAL { return nil }
            throw .kernel(SystemCallError("SO_PEERSEC"))
        }
        return try Label.parse(buffer.prefix(Int(length)), source: "SO_PEERSEC")
    }
}
