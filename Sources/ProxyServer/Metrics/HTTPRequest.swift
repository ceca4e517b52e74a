/// A request to the metrics port: the first line of an HTTP/1.1 request without a body (RFC 9112).
struct HTTPRequest: Equatable {
    let method: String
    /// Without the query.
    let path: String

    /// What the bytes that have come so far are.
    enum Reading: Equatable {
        case incomplete
        case tooLong
        case malformed
        case request(HTTPRequest)
    }

    /// The longest request, in bytes.
    static let limit = 8192

    static func read(_ bytes: [UInt8]) -> Reading {
        // Empty lines before the first one are left out (section 2.2).
        let head = bytes.drop(while: isEndOfLine)
        guard let end = endOfHead(head) else { return bytes.count > limit ? .tooLong : .incomplete }
        guard end <= limit else { return .tooLong }
        let line = head.prefix { !isEndOfLine($0) }
        let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard words.count == 3, words[2].hasPrefix("HTTP/1."), words[1].hasPrefix("/"), !words[0].isEmpty else {
            return .malformed
        }
        return .request(HTTPRequest(method: words[0], path: String(words[1].prefix { $0 != "?" })))
    }

    private static func isEndOfLine(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") }

    /// Where the empty line ends that the head ends with. Lines may end without a carriage return.
    private static func endOfHead(_ head: ArraySlice<UInt8>) -> Int? {
        var isLineEmpty = false
        for index in head.indices {
            switch head[index] {
            case UInt8(ascii: "\n"):
                if isLineEmpty { return index + 1 }
                isLineEmpty = true
            case UInt8(ascii: "\r"): break
            default: isLineEmpty = false
            }
        }
        return nil
    }
}

/// A response of the metrics port. The connection ends with it.
struct HTTPReply {
    enum Status: String {
        case fine = "200 OK"
        case malformed = "400 Bad Request"
        case notFound = "404 Not Found"
        case notAllowed = "405 Method Not Allowed"
        case tooLong = "431 Request Header Fields Too Large"
        case busy = "503 Service Unavailable"
    }

    let bytes: [UInt8]

    init(status: Status) {
        let allow = status == .notAllowed ? "Allow: GET, HEAD\r\n" : ""
        let hint = status == .notFound ? "The metrics are at /metrics.\n" : "\(status.rawValue)\n"
        bytes = Self.head(status, "text/plain; charset=utf-8", length: hint.utf8.count, allow) + Array(hint.utf8)
    }

    /// The metrics, in Prometheus's text format.
    init(text: String, hasBody: Bool = true) {
        let head = Self.head(.fine, "text/plain; version=0.0.4; charset=utf-8", length: text.utf8.count)
        bytes = hasBody ? head + Array(text.utf8) : head
    }

    private static func head(_ status: Status, _ type: String, length: Int, _ more: String = "") -> [UInt8] {
        let fields = "Content-Type: \(type)\r\nContent-Length: \(length)\r\nConnection: close\r\n"
        return Array("HTTP/1.1 \(status.rawValue)\r\n\(fields)\(more)\r\n".utf8)
    }
}
