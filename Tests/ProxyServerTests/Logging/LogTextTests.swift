import Logging
import Testing

@testable import ProxyServer

@Suite struct LogTextTests {
    @Test func escapesWhatCouldForgeARecord() {
        #expect(LogText.escaped(Array("a\n\u{1B}[31m\\é".utf8)) == #"a\x0a\x1b[31m\\\xc3\xa9"#)
        #expect(LogText.escaped([UInt8](repeating: 0x61, count: 20), limit: 4) == "aaaa... (16 bytes more)")
    }

    @Test func writesOneLineOfPrintableASCII() {
        let record = StandardErrorLogHandler.record(
            level: .notice, message: "denied: \r\nx", metadata: ["pid": "7", "label": "my \"profile\"", "exe": ""])
        #expect(
            String(decoding: record, as: UTF8.self)
                == #"onion-grater: notice: denied: \x0d\x0ax exe="" label="my \"profile\"" pid=7"# + "\n")
    }
}
