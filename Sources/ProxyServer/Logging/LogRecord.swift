import Glibc

/// A field of a log record.
///
/// The raw value is the key in text and JSON, and in capitals, after `GRATER_`, the journal's field. Lower-case ASCII letters
/// and underscores only.
public enum LogKey: String, CaseIterable, Sendable {
    /// Where a socket is.
    case address
    /// The client's command, secrets redacted, in printable ASCII.
    case command
    case count
    /// What became of the command: `allowed`, `rewritten`, `answered`, `tolerated` or `denied`.
    case decision
    /// The client's program.
    case exe
    /// The id of the Flatpak application that the client is.
    case flatpak
    /// The address that a TCP client has.
    case from
    /// The evidence for the client's identity.
    case identity
    /// The client's AppArmor label.
    case label
    /// Records of the same kind that were not logged before this one.
    case notLogged = "not_logged"
    case pid
    case profile
    /// Why a command was denied.
    case reason
    /// What tor got instead of the command.
    case rewritten
    /// Where the rules stand that decided.
    case rules
    /// The session's number.
    case session
    /// The name that profiles know the listener by.
    case socket
    case uid

    /// Whether the message says it already.
    var isInMessage: Bool {
        switch self {
        case .command, .decision, .reason, .rewritten: true
        default: false
        }
    }
}

/// What a field says.
public enum LogValue: Sendable, Equatable {
    case text(String)
    case integer(Int)

    /// A number that does not fit is the nearest that does.
    static func number(_ value: some FixedWidthInteger) -> LogValue { .integer(Int(clamping: value)) }
}

/// A log record, before it is encoded as text, JSON or a journal entry.
public struct LogRecord: Sendable {
    /// How many bytes of a message or value are kept, so that clients cannot make records large.
    static let textLimit = 4096

    /// Nanoseconds since 1970.
    public let time: UInt64
    /// How much it matters.
    public let level: LogLevel
    /// For people; cut beyond `textLimit` bytes.
    public let message: String
    /// For programs; texts are cut beyond `textLimit` bytes.
    public let fields: [LogKey: LogValue]
    /// Whether scripts wait for the message, so that as text it is a line of its own.
    public let isAnnouncement: Bool

    public init(
        time: UInt64, level: LogLevel, message: String, fields: [LogKey: LogValue] = [:], isAnnouncement: Bool = false
    ) {
        self.time = time
        self.level = level
        self.message = Self.shorten(message)
        self.fields = fields.mapValues { value in
            if case .text(let text) = value { .text(Self.shorten(text)) } else { value }
        }
        self.isAnnouncement = isAnnouncement
    }

    /// Nanoseconds since 1970.
    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }

    var sortedFields: [(key: LogKey, value: LogValue)] {
        fields.sorted { $0.key.rawValue < $1.key.rawValue }
    }

    private static func shorten(_ text: String) -> String {
        let utf8 = text.utf8
        guard utf8.count > textLimit else { return text }
        return String(decoding: utf8.prefix(textLimit), as: UTF8.self) + "... (\(utf8.count - textLimit) bytes more)"
    }
}
