import Logging

/// Writes log records to standard error, one line and one write(2) each, without ever waiting for it:
/// `onion-grater: notice: denied: GETINFO address profile=onionshare pid=4711`.
///
/// Invariant: what is written is printable ASCII but for its final newline, so that no client can forge a record.
public struct StandardErrorLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]

    public init(level: Logger.Level = .info) {
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    // LogEvent came with a release of swift-log that asks for Swift 6.2; older compilers get an older release.
    #if compiler(>=6.2)
        public func log(event: LogEvent) {
            write(event.level, event.message, event.metadata)
        }
    #else
        public func log(
            level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?, source: String, file: String,
            function: String, line: UInt
        ) {
            write(level, message, metadata)
        }
    #endif

    private func write(_ level: Logger.Level, _ message: Logger.Message, _ explicit: Logger.Metadata?) {
        var merged = metadata
        if let explicit { merged.merge(explicit) { $1 } }
        LogOutput.standardError.write(
            Self.record(level: level, message: message.description, metadata: merged))
    }

    /// The line of a record, its newline included; metadata sorted by key.
    static func record(level: Logger.Level, message: String, metadata: Logger.Metadata) -> [UInt8] {
        var line = Array("onion-grater: \(level): ".utf8)
        LogText.appendPrintable(message, to: &line)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=".utf8
            LogText.appendValue(value.description, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
