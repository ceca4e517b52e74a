import Foundation
import Synchronization
import Testing

@testable import ProxyServer

@Suite struct LogOutputTests {
    private let reading: Int32
    private let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw TestError("pipe: \(errno)") }
        reading = ends[0]
        writing = ends[1]
    }

    private func output() -> LogOutput {
        LogOutput(lossNotice: { Array("\($0) lost\n".utf8) }) { [writing] in LogOutput.write($0, to: writing) }
    }

    /// Reads until `text` has come; everything up to there.
    private func read(until text: String) throws -> String {
        var bytes = [UInt8]()
        var buffer = [UInt8](repeating: 0, count: 65536)
        // What was read last may hold it anywhere.
        while !String(decoding: bytes.suffix(buffer.count + text.utf8.count), as: UTF8.self).contains(text) {
            let count = Foundation.read(reading, &buffer, buffer.count)
            guard count > 0 else { throw TestError("read: \(count)") }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The output writes for as long as the process lives: closed, its pipe would end the tests with SIGPIPE, and full, it
    /// would hold a thread.
    private func readOn() {
        Thread.detachNewThread { [reading] in
            var buffer = [UInt8](repeating: 0, count: 65536)
            while Foundation.read(reading, &buffer, buffer.count) > 0 {}
        }
    }

    @Test func keepsTheOrder() throws {
        let output = output()
        for number in 0..<1000 { output.write(Array("\(number)\n".utf8)) }
        #expect(try read(until: "\n999\n") == (0..<1000).map { "\($0)\n" }.joined())
        readOn()
    }

    /// A full disk, say: what is lost is counted, and said once something can be written again.
    @Test func saysWhatCouldNotBeWritten() throws {
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        #expect(!LogOutput.write(Array("lost\n".utf8), to: full))
        let isFull = Mutex(true)
        let output = LogOutput(lossNotice: { Array("\($0) lost\n".utf8) }) { [writing] record in
            LogOutput.write(record, to: isFull.withLock { $0 } ? full : writing)
        }
        for number in 0..<3 { output.write(Array("\(number)\n".utf8)) }
        output.flush()
        #expect(output.lostCount == 3)
        isFull.withLock { $0 = false }
        output.write(Array("written\n".utf8))
        #expect(try read(until: " lost\n") == "written\n3 lost\n")
        #expect(output.lostCount == 3)
        readOn()
    }

    /// A pipe takes a long record in pieces: it stays one line, and nothing else gets in between.
    @Test func writesARecordWholeToANonblockingPipe() throws {
        #expect(fcntl(writing, F_SETFL, O_NONBLOCK) == 0)
        let output = output()
        let line = [UInt8](repeating: 0x78, count: 200_000) + [0x0A]
        output.write(line)
        output.write(Array("next\n".utf8))
        #expect(try read(until: "next\n") == String(decoding: line, as: UTF8.self) + "next\n")
        #expect(output.lostCount == 0)
        readOn()
    }

    @Test func neitherWaitsNorGrowsWhereNobodyReads() throws {
        let output = output()
        let line = [UInt8](repeating: 0x78, count: 999) + [0x0A]
        for _ in 0..<20_000 { output.write(line) }
        #expect(try read(until: " lost\n").utf8.count < 10_000_000)
        readOn()
    }
}
