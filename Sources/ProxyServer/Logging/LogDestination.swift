import Glibc

/// How log records are written.
public enum LogFormat: String, CaseIterable, Sendable {
    /// Lines to standard error.
    case text
    /// One object of JSON in each line, to standard error.
    case json
    /// Entries with fields, to the systemd journal.
    case journal
}

/// Where a process's log goes, and how.
public struct LogDestination: LogSink {
    /// Text to standard error.
    public static let standardError = LogDestination(.text, LogOutput.standardError(lossNotice: notice(.text)))

    private let format: LogFormat
    private let output: LogOutput

    /// Throws if `format` is the journal and nobody listens there.
    ///
    /// - Parameter format: nil for the journal where standard error leads to it (systemd.exec(5), `JOURNAL_STREAM`), and else
    ///   text.
    public init(_ format: LogFormat?) throws(ConfigurationError) {
        switch format {
        case .text: self = .standardError
        case .json: self.init(.json, LogOutput.standardError(lossNotice: Self.notice(.json)))
        case .journal:
            do throws(SystemError) {
                self = try .journal(JournalSocket())
            } catch {
                throw ConfigurationError("\(error); --log-format text logs to standard error")
            }
        case nil:
            let socket = JournalSocket.isBehindStandardError ? try? JournalSocket() : nil
            self = socket.map(Self.journal) ?? .standardError
        }
    }

    private init(_ format: LogFormat, _ output: LogOutput) {
        self.format = format
        self.output = output
    }

    static func journal(_ socket: JournalSocket) -> LogDestination {
        LogDestination(.journal, LogOutput(lossNotice: notice(.journal)) { socket.send($0) })
    }

    public func write(_ record: LogRecord) {
        output.write(Self.encode(record, format))
    }

    public var lostCount: Int { output.lostCount }

    /// Waits until all is written, but no longer than a second.
    func flush() {
        output.flush()
    }

    static func encode(_ record: LogRecord, _ format: LogFormat) -> [UInt8] {
        switch format {
        case .text: record.text
        case .json: record.json
        case .journal: record.journalEntry
        }
    }

    private static func notice(_ format: LogFormat) -> @Sendable (Int) -> [UInt8] {
        { count in
            encode(
                LogRecord(
                    time: LogRecord.now(), level: .warning,
                    message: "\(count) records were dropped: there were too many",
                    fields: [.count: .number(count)]),
                format)
        }
    }
}
