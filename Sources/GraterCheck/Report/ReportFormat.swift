import JSONText

/// Who a report is for.
public enum ReportFormat: String, Sendable, CaseIterable {
    /// People.
    case text
    /// Programs.
    case json
}

extension Report {
    /// A report that is one JSON value.
    package static func json(_ value: JSONValue, status: Status) -> Report {
        Report(text: String(decoding: value.indented, as: UTF8.self) + "\n", status: status)
    }
}
