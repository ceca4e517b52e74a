import Logging
import Synchronization

@testable import ProxyServer

/// Keeps what is logged.
final class RecordedLog: Sendable {
    private let records = Mutex<[String]>([])

    var lines: [String] { records.withLock { $0 } }

    var handler: any LogHandler { Handler(log: self) }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        #if compiler(>=6.2)
            func log(event: LogEvent) {
                record(event.level, event.message, event.metadata)
            }
        #else
            func log(
                level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
                function: String, line: UInt
            ) {
                record(level, message, metadata)
            }
        #endif

        private func record(_ level: Logger.Level, _ message: Logger.Message, _ explicit: Logger.Metadata?) {
            let merged = metadata.merging(explicit ?? [:]) { $1 }
            let line = StandardErrorLogHandler.record(level: level, message: message.description, metadata: merged)
            log.records.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
    }
}
