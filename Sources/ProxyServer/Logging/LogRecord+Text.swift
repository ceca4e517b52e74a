extension LogRecord {
    /// The record as a line of printable ASCII, so that no client can forge one:
    /// `onion-grater: notice: denied: GETINFO address: … pid=4711 profile=onionshare`.
    var text: [UInt8] {
        var line = isAnnouncement ? [] : Array("onion-grater: \(level): ".utf8)
        appendSummary(to: &line)
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// The message and the fields that it does not hold, in printable ASCII.
    func appendSummary(to line: inout [UInt8]) {
        LogText.appendPrintable(message, to: &line)
        if isAnnouncement { return }
        for (key, value) in sortedFields where !key.isInMessage {
            line += " \(key.rawValue)=".utf8
            switch value {
            case .text(let text): LogText.appendValue(text, to: &line)
            case .integer(let number): line += String(number).utf8
            }
        }
    }
}
