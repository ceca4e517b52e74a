import CLinux
import Glibc
import PeerIdentity

/// What one would write at first, to show that the attacks work.
enum NaiveIdentity {
    /// The label, or without AppArmor the program, that the process which connected has at this moment.
    static func application(ofUnixSocket socket: Int32) throws -> String? {
        var credentials = clinux_credentials()
        guard clinux_peer_credentials(socket, &credentials) == 0 else { throw TrialError("SO_PEERCRED failed") }
        return Kernel.hasAppArmor ? label(of: credentials.pid) : program(of: credentials.pid)
    }

    private static func label(of pid: pid_t) -> String? {
        guard let file = fopen("/proc/\(pid)/attr/current", "r") else { return nil }
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 4096)
        let count = fread(&text, 1, text.count, file)
        return Label(kernelText: text[..<count])?.name
    }

    private static func program(of pid: pid_t) -> String? {
        var text = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/\(pid)/exe", &text, text.count)
        return count > 0 ? String(decoding: text[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }
}
