/// A destination of log records.
public protocol LogSink: Sendable {
    /// Must not wait for the reader.
    func write(_ record: LogRecord)
    /// How many records were lost because they were not written in time.
    var lostCount: Int { get }
}

extension LogSink {
    public var lostCount: Int { 0 }
}

/// Logs records of sufficient severity, with fields that all its records share.
public struct Logger: Sendable {
    /// Records below it are not logged.
    public var level: LogLevel
    private let sink: any LogSink
    private var fields: [LogKey: LogValue] = [:]

    public init(_ sink: any LogSink, level: LogLevel) {
        self.sink = sink
        self.level = level
    }

    /// A field of all records from now on.
    subscript(_ key: LogKey) -> LogValue? {
        get { fields[key] }
        set { fields[key] = newValue }
    }

    func debug(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
        log(.debug, message(), fields())
    }

    func info(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
        log(.info, message(), fields())
    }

    func notice(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
        log(.notice, message(), fields())
    }

    func warning(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
        log(.warning, message(), fields())
    }

    func error(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
        log(.error, message(), fields())
    }

    /// How many records were lost, of all that go the same way.
    var lostCount: Int { sink.lostCount }

    /// Logs what scripts wait for, whatever the level.
    func announce(_ message: String, _ fields: [LogKey: LogValue] = [:]) {
        sink.write(
            LogRecord(time: LogRecord.now(), level: .info, message: message, fields: fields, isAnnouncement: true))
    }

    private func log(
        _ level: LogLevel, _ message: @autoclosure () -> String, _ more: @autoclosure () -> [LogKey: LogValue]
    ) {
        guard level >= self.level else { return }
        sink.write(
            LogRecord(
                time: LogRecord.now(), level: level, message: message(), fields: fields.merging(more()) { $1 }))
    }
}
