import Glibc
import JSONText

extension LogRecord {
    /// The record as an object of JSON (RFC 8259) in one line of ASCII: `time` (RFC 3339, UTC), `level`, `message`, and the
    /// fields by their keys.
    var json: [UInt8] {
        var line = Array(#"{"time":"\#(timestamp)","level":"\#(level)","message":"#.utf8)
        line.append(jsonString: message)
        for (key, value) in sortedFields {
            line += ",\"\(key.rawValue)\":".utf8
            switch value {
            case .text(let text): line.append(jsonString: text)
            case .integer(let number): line += String(number).utf8
            }
        }
        line += [UInt8(ascii: "}"), UInt8(ascii: "\n")]
        return line
    }

    /// `2026-11-21T05:02:14.000123Z`
    private var timestamp: String {
        var seconds = time_t(clamping: time / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec]
        let micros = Self.digits(Int(time % 1_000_000_000 / 1000), 6)
        return date.map { Self.digits($0, 2) }.joined(separator: "-") + "T"
            + clock.map { Self.digits(Int($0), 2) }.joined(separator: ":") + ".\(micros)Z"
    }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
