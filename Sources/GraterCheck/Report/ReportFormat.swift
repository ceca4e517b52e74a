import JSONText

/// Who a report is for.
public enum ReportFormat: String, Sendable, CaseIterable {
    /// People.
    case text
    /// Programs.
    case json
}

extension Report {
    /// Of what `json(_:of:status:)` makes. Members may be added without a new one; programs ignore those that they do not know.
    static let jsonVersion = 1

    /// A subcommand's report for programs: an object with `version`, and with what the subcommand found under its own name.
    /// docs/json.md has all of them.
    package static func json(_ value: JSONValue, of subcommand: String, status: Status) -> Report {
        document(.object(["version": .integer(jsonVersion), subcommand: value]), status: status)
    }

    /// A JSON document of somebody else's form.
    static func document(_ value: JSONValue, status: Status) -> Report {
        Report(text: String(decoding: value.indented, as: UTF8.self) + "\n", status: status)
    }
}
