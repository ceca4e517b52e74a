import Foundation
import Testing

@testable import ProxyServer

@Suite struct LogRecordTests {
    private let record = LogRecord(
        time: 1_795_237_334_000_123_456, level: .notice, message: "denied: GETINFO address: \r\nx",
        fields: [
            .decision: .text("denied"), .command: .text("GETINFO address"), .reason: .text("\r\nx"),
            .pid: .number(4711),
            .label: .text("my \"pröfile\""), .exe: .text(""), .socket: .text("a\nPRIORITY=0"),
        ])

    @Test func isOneLineOfPrintableASCIIAsText() {
        #expect(
            String(decoding: record.text, as: UTF8.self)
                == #"onion-grater: notice: denied: GETINFO address: \x0d\x0ax exe="" label="my \"pr\xc3\xb6file\"" "#
                + #"pid=4711 socket=a\x0aPRIORITY=0"# + "\n")
    }

    @Test func isOneLineOfASCIIAsJSON() throws {
        #expect(
            String(decoding: record.json, as: UTF8.self)
                == #"{"time":"2026-11-21T05:02:14.000123Z","level":"notice","message":"denied: GETINFO address: "#
                + #"\u000d\nx","command":"GETINFO address","decision":"denied","exe":"","label":"my \"pr\u00f6file\"","#
                + #""pid":4711,"reason":"\u000d\nx","socket":"a\nPRIORITY=0"}"# + "\n")
        let object = try JSONSerialization.jsonObject(with: Data(record.json)) as? [String: Any]
        #expect(object?["label"] as? String == "my \"pröfile\"")
    }

    @Test func keepsFieldsApartInTheJournal() throws {
        let fields = try JournalEntry(record.journalEntry).fields
        #expect(
            fields == [
                "MESSAGE": #"denied: GETINFO address: \x0d\x0ax exe="" label="my \"pr\xc3\xb6file\"" pid=4711 "#
                    + #"socket=a\x0aPRIORITY=0"#,
                "PRIORITY": "5", "SYSLOG_IDENTIFIER": "onion-grater", "GRATER_COMMAND": "GETINFO address",
                "GRATER_DECISION": "denied", "GRATER_EXE": "", "GRATER_LABEL": "my \"pröfile\"", "GRATER_PID": "4711",
                "GRATER_REASON": "\r\nx", "GRATER_SOCKET": "a\nPRIORITY=0",
            ])
    }

    @Test func isBoundedWhateverIsLogged() {
        let long = String(repeating: "x", count: 1_000_000)
        let fields = Dictionary(uniqueKeysWithValues: LogKey.allCases.map { ($0, LogValue.text(long)) })
        let record = LogRecord(time: 0, level: .info, message: long, fields: fields)
        for format in LogFormat.allCases { #expect(LogDestination.encode(record, format).count < 200_000) }
        #expect(record.message.hasSuffix("x... (995904 bytes more)"))
    }

    @Test func isTheMessageAloneForScripts() {
        let record = LogRecord(
            time: 0, level: .info, message: "listening on x", fields: [.address: .text("x")], isAnnouncement: true)
        #expect(String(decoding: record.text, as: UTF8.self) == "listening on x\n")
        #expect(
            String(decoding: record.json, as: UTF8.self)
                == #"{"time":"1970-01-01T00:00:00.000000Z","level":"info","message":"listening on x","address":"x"}"#
                + "\n")
    }
}
