import Glibc

/// A process that runs as a Flatpak application.
///
/// Two witnesses must agree: the scope that Flatpak has the user's systemd make for each run, which nothing inside a sandbox
/// can enter or leave, and the file at the sandbox's root. That keeps sandboxed applications apart. A program outside of any
/// sandbox can do as its user can, and so start whatever application it likes.
enum FlatpakApplication {
    /// The application's id, or nil if the process is of none, or the kernel does not let us look.
    static func id(of process: ProcessDirectory, user: uid_t, unit: Unit?) throws(SystemCallError) -> String? {
        guard let unit, unit.manager == .user(user), let id = id(inScope: unit.name) else { return nil }
        do {
            return try FlatpakInfo.applicationID(of: process) == id ? id : nil
        } catch  where error.code == EACCES || error.code == EPERM {
            return nil
        }
    }

    /// The id in `app-flatpak-ID-NUMBER.scope`, or `flatpak-ID-NUMBER.scope` as older versions have it.
    static func id(inScope name: String) -> String? {
        guard name.hasSuffix(".scope"), let start = ["app-flatpak-", "flatpak-"].first(where: name.hasPrefix) else {
            return nil
        }
        let middle = name.dropFirst(start.count).dropLast(".scope".count)
        guard let hyphen = middle.lastIndex(of: "-") else { return nil }
        let number = middle[middle.index(after: hyphen)...]
        guard !number.isEmpty, number.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return unescape(middle[..<hyphen])
    }

    /// Undoes systemd-escape(1), which writes a hyphen as `\x2d`.
    private static func unescape(_ name: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = name.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard rest.popFirst() == UInt8(ascii: "x"), let code = UInt8(String(rest.prefix(2)) ?? "", radix: 16) else {
                return nil
            }
            rest = rest.dropFirst(2)
            bytes.append(code)
        }
        return KernelText.string(bytes)
    }
}
