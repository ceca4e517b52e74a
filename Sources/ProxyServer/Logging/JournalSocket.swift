import Glibc
import PeerIdentity

/// The socket on which systemd-journald takes entries in its native protocol.
final class JournalSocket: Sendable {
    static let standardPath = "/run/systemd/journal/socket"

    private let descriptor: FileDescriptor
    private let address: SocketAddress

    /// Throws if nobody listens there.
    init(_ path: String = JournalSocket.standardPath) throws(SystemError) {
        address = .unix(path: path)
        descriptor = try Self.makeSocket()
        // Sent to by its name each time, so that a journal that was restarted is found again; connected once to know that
        // it is there.
        let code = Socket.connect(try Self.makeSocket(), to: address)
        guard code == 0 else { throw SystemError("cannot log to the journal at \(path)", code: code) }
    }

    private static func makeSocket() throws(SystemError) -> FileDescriptor {
        let raw = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SystemError("cannot make a socket") }
        return FileDescriptor(owning: raw)
    }

    /// Sends one entry, and waits for the journal to take it. A log that cannot be written is no reason to stop filtering:
    /// errors are ignored.
    func send(_ entry: [UInt8]) {
        let raw = descriptor.rawValue
        entry.withUnsafeBytes { bytes in
            _ = address.withSocketAddress { sendto(raw, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), $0, $1) }
        }
    }

    /// Whether what this process writes to standard error goes to the journal: `JOURNAL_STREAM` names the device and inode
    /// of the stream that systemd made for that (systemd.exec(5)), which somebody may have redirected since.
    static var isBehindStandardError: Bool {
        guard let stream = getenv("JOURNAL_STREAM").map({ String(cString: $0) }) else { return false }
        var status = stat()
        guard fstat(STDERR_FILENO, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }
}
