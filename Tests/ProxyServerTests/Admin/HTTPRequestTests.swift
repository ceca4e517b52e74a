import Testing

@testable import ProxyServer

/// What the metrics' port makes of what comes in.
struct HTTPRequestTests {
    @Test(
        "A request is read from its first line, once it is there whole",
        arguments: [
            ("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/metrics"),
            ("GET /metrics?name=a HTTP/1.0\n\n", "GET", "/metrics"),
            ("\r\nHEAD / HTTP/1.1\r\n\r\n", "HEAD", "/"),
        ])
    func request(text: String, method: String, path: String) {
        let bytes = Array(text.utf8)
        #expect(HTTPRequest.read(bytes) == .request(HTTPRequest(method: method, path: path)))
        for count in 0..<bytes.count { #expect(HTTPRequest.read(Array(bytes[..<count])) == .incomplete) }
    }

    @Test(
        "What is no request is refused",
        arguments: [
            "GET /metrics\r\n\r\n", "GET  /metrics HTTP/1.1\r\n\r\n", "GET metrics HTTP/1.1\n\n",
            "AUTHENTICATE\r\n\r\n", " / HTTP/1.1\n\n",
        ])
    func malformed(text: String) {
        #expect(HTTPRequest.read(Array(text.utf8)) == .malformed)
    }

    @Test("A request without an end, or with one that is far off, is too long")
    func tooLong() {
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: HTTPRequest.limit + 1)
        #expect(HTTPRequest.read(long) == .tooLong)
        #expect(HTTPRequest.read(long + Array("\r\n\r\n".utf8)) == .tooLong)
    }

    @Test("Durations are counted up to each bound, and those beyond all of them too")
    func histogram() {
        let histogram = DurationHistogram()
        for microseconds in [0, 100, 101, 30_000_000, 30_000_001] { histogram.add(microseconds: microseconds) }
        let figures = histogram.figures
        #expect(figures.upToBound.first == 2)
        #expect(figures.upToBound.dropFirst().first == 3)
        #expect(figures.upToBound.last == 4)
        #expect(figures.count == 5)
        #expect(figures.microseconds == 60_000_202)
    }
}
