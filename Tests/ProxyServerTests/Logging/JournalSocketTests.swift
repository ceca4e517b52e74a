import Foundation
import TestSupport
import Testing

@testable import ProxyServer

@Suite struct JournalSocketTests {
    @Test func sendsAnEntryForEachRecord() throws {
        let folder = try TemporaryFolder()
        let journal = try DatagramReceiver(at: folder.file("journal"))
        let log = Logger(LogDestination.journal(try JournalSocket(folder.file("journal"))), level: .info)
        log.info("one", [.profile: .text("chat"), .session: .number(7)])
        log.debug("unheard")
        log.error("two")
        let first = try JournalEntry(journal.receive()).fields
        #expect(first["MESSAGE"] == "one profile=chat session=7")
        #expect(first["GRATER_PROFILE"] == "chat")
        #expect(first["PRIORITY"] == "6")
        let second = try JournalEntry(journal.receive()).fields
        #expect(second["MESSAGE"] == "two")
        #expect(second["PRIORITY"] == "3")
    }

    @Test func findsAJournalThatWasRestarted() throws {
        let folder = try TemporaryFolder()
        var journal = try DatagramReceiver(at: folder.file("journal"))
        let socket = try JournalSocket(folder.file("journal"))
        try FileManager.default.removeItem(atPath: folder.file("journal"))
        #expect(!socket.send(Array("LOST=1\n".utf8)))
        journal = try DatagramReceiver(at: folder.file("journal"))
        #expect(socket.send(Array("FOUND=1\n".utf8)))
        #expect(try JournalEntry(journal.receive()).fields == ["FOUND": "1"])
    }

    @Test func saysWhereNoJournalIs() {
        #expect(
            performing: { _ = try JournalSocket("/nonexistent/journal") },
            throws: { "\($0)" == "cannot log to the journal at /nonexistent/journal: No such file or directory" })
    }
}
