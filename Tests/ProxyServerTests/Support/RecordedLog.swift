import Synchronization

@testable import ProxyServer

/// Keeps what is logged.
final class RecordedLog: LogSink {
    private let kept = Mutex<[LogRecord]>([])

    var records: [LogRecord] { kept.withLock { $0 } }

    /// The records as text.
    var lines: [String] { records.map { String(decoding: $0.text, as: UTF8.self) } }

    func write(_ record: LogRecord) {
        kept.withLock { $0.append(record) }
    }
}
