extension LogRecord {
    /// The record in the journal's native protocol (systemd.io, "Native Journal Protocol"): `MESSAGE` as people read it, and
    /// each field by itself as `GRATER_…`.
    ///
    /// Invariant: a field's value cannot end it: one that holds a newline goes with its length before it.
    var journalEntry: [UInt8] {
        var entry = [UInt8]()
        var summary = [UInt8]()
        appendSummary(to: &summary)
        Self.append("MESSAGE", summary, to: &entry)
        Self.append("PRIORITY", Array("\(level.priority)".utf8), to: &entry)
        Self.append("SYSLOG_IDENTIFIER", Array("onion-grater".utf8), to: &entry)
        for (key, value) in sortedFields {
            let name = "GRATER_\(key.rawValue.uppercased())"
            switch value {
            case .text(let text): Self.append(name, Array(text.utf8), to: &entry)
            case .integer(let number): Self.append(name, Array("\(number)".utf8), to: &entry)
            }
        }
        return entry
    }

    private static func append(_ name: String, _ value: [UInt8], to entry: inout [UInt8]) {
        let newline = UInt8(ascii: "\n")
        entry += name.utf8
        if value.contains(newline) {
            entry.append(newline)
            let length = UInt64(value.count)
            entry += (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        } else {
            entry.append(UInt8(ascii: "="))
        }
        entry += value
        entry.append(newline)
    }
}
