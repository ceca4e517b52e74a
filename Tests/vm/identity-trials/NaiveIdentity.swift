import CLinux
import Glibc
import PeerIdentity

/// What one would write at first, to show that the attacks work.
enum NaiveIdentity {
    /// The label that the process which connected has at this moment.
    static func application(ofUnixSocket socket: Int32) throws -> String? {
        var credentials = clinux_credentials()
        guard clinux_peer_credentials(socket, &credentials) == 0 else { throw TrialError("SO_PEERCRED failed") }
        guard let file = fopen("/proc/\(credentials.pid)/attr/current", "r") else { return nil }
        defer { fclose(file) }
        var text = [UInt8](repeating: 0, count: 4096)
        let count = fread(&text, 1, text.count, file)
        return Label(kernelText: text[..<count])?.name
    }
}
