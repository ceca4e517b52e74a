import Testing

@testable import ProxyServer

@Suite struct LogTextTests {
    @Test func escapesWhatCouldForgeARecord() {
        #expect(LogText.escaped(Array("a\n\u{1B}[31m\\é".utf8)) == #"a\x0a\x1b[31m\\\xc3\xa9"#)
        #expect(LogText.escaped([UInt8](repeating: 0x61, count: 20), limit: 4) == "aaaa... (16 bytes more)")
    }
}
