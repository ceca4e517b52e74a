import Glibc

/// The socket on which systemd-journald takes entries in its native protocol.
final class JournalSocket: Sendable {
    static let standardPath = "/run/systemd/journal/socket"

    private let sender: DatagramSender

    /// Throws if nobody listens there.
    init(_ path: String = JournalSocket.standardPath) throws(SystemError) {
        sender = try DatagramSender(to: path)
        let code = try sender.probe()
        guard code == 0 else { throw SystemError("cannot log to the journal at \(path)", code: code) }
    }

    /// Sends one entry, and waits for the journal to take it; false if it cannot be sent.
    func send(_ entry: [UInt8]) -> Bool {
        var code = sender.send(entry)
        while code == EINTR { code = sender.send(entry) }
        return code == 0
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
