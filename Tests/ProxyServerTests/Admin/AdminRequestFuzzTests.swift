import JSONText
import ServiceInterface
import TestSupport
import Testing

@testable import ProxyServer

/// What administrators' connections may say, nearly right: a request or a reason, and JSON that survives being written.
@Suite struct AdminRequestFuzzTests {
    private static let words = [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "-1", "1e9",
        "9223372036854775808",
        "\"version\"", "\"request\"", "status", "kick",
    ]

    @Test func requestsAreReadOrRefused() {
        let corpus = [
            #"{"version":1,"request":"status"}"#, #"{"version":1,"request":"kick","session":7}"#,
            #"{"version":1,"request":"explain","session":7,"command":"GETINFO version"}"#,
            #"{"version":1,"request":"complain","profile":"a","seconds":60}"#,
            #"{"version":1,"request":"denials","since":0,"profile":"a"}"#,
            #"{"version":1,"request":"watch","denied":true,"profile":"a"}"#,
        ]
        var fuzz = Fuzz(corpus: corpus, words: Self.words)
        while let input = fuzz.next() {
            do throws(AdminRequest.Malformed) {
                let request = try AdminRequest(input)
                if case .complain(_, let seconds) = request {
                    #expect((1...TemporaryComplaints.longest).contains(seconds), "seed \(fuzz.seed)")
                }
            } catch {
                #expect(!error.why.isEmpty, "seed \(fuzz.seed)")
            }
            if let value = try? JSONValue(input) {
                #expect(
                    (try? JSONValue(value.line)) == value,
                    "seed \(fuzz.seed): \(String(decoding: input, as: UTF8.self))")
                #expect(!value.line.contains(10), "seed \(fuzz.seed)")
            }
        }
    }

    @Test func metricsRequestsAreReadOrRefused() {
        let corpus = [
            "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD / HTTP/1.0\r\n\r\n", "POST /metrics HTTP/1.1\r\n\r\n",
        ]
        var fuzz = Fuzz(corpus: corpus, words: ["GET", "/metrics", "HTTP/", " ", "\r\n\r\n", "?", "#", "%00", ":"])
        while let input = fuzz.next() {
            guard case .request(let request) = HTTPRequest.read(input) else { continue }
            #expect(request.path.hasPrefix("/") && !request.path.contains("?"), "seed \(fuzz.seed)")
            // What follows a request does not change it, and no part of it is one.
            #expect(
                HTTPRequest.read(input + Array("GET /x HTTP/1.1\r\n\r\n".utf8)) == .request(request),
                "seed \(fuzz.seed)")
            let readings = (0..<input.count).map { HTTPRequest.read(Array(input[..<$0])) }
            let first = readings.firstIndex { $0 != .incomplete } ?? readings.count
            #expect(readings[first...].allSatisfy { $0 == .request(request) }, "seed \(fuzz.seed)")
        }
    }
}
