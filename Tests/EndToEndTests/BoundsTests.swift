import Foundation
import TestSupport
import Testing

/// How much a client may say before it comes to an end.
@Suite("Commands over their bounds")
struct BoundsTests {
    /// A daemon without tor, which none of this is to reach.
    private struct Place {
        let folder: TemporaryFolder
        let daemon: Daemon

        init(_ arguments: String...) throws {
            folder = try TemporaryFolder()
            daemon = try Stage.daemon(
                in: folder, profiles: ["app": "- {sockets: [app]}"],
                upstream: ["--control-socket", folder.file("no-tor")], arguments: arguments)
        }

        /// All that a client is told that says this after AUTHENTICATE, and no more.
        func reply(to text: String) throws -> String {
            let client = try StreamSocket.connect(path: folder.file("app"))
            #expect(try ControlClient(client).ask("AUTHENTICATE") == ["250 OK"])
            // Whoever is told before the end cannot send the rest.
            try? client.send(Array(text.utf8))
            client.shutdownSending()
            var reply = [UInt8]()
            while case let bytes = try client.receive(), !bytes.isEmpty { reply += bytes }
            return String(decoding: reply, as: UTF8.self)
        }
    }

    private static let filtered = "510 Command filtered\r\n"
    private static let tooLong = "500 Line too long\r\n"

    /// A line of so many bytes, its end included.
    private static func line(_ count: Int) -> String {
        "GETINFO " + String(repeating: "x", count: count - 10) + "\r\n"
    }

    /// A command with so many KiB of data, each a line.
    private static func data(_ count: Int) -> String {
        "+LOADCONF\r\n" + String(repeating: String(repeating: "x", count: 1022) + "\r\n", count: count) + ".\r\n"
    }

    @Test("A line of 64 KiB and data of 1 MiB are taken, and no more")
    func standard() throws {
        let place = try Place()
        #expect(try place.reply(to: Self.line(64 << 10)) == Self.filtered)
        #expect(try place.reply(to: Self.line((64 << 10) + 1) + "GETINFO x\r\n") == Self.tooLong)
        #expect(try place.reply(to: Self.data(1024)) == Self.filtered)
        #expect(try place.reply(to: Self.data(1032) + "GETINFO x\r\n") == Self.tooLong)
        try place.daemon.waitForLog("closed: the client sent a line or data over the bound", "profile=app")
    }

    @Test("Options say how much")
    func options() throws {
        let place = try Place("--max-command-line", "100", "--max-command-data", "1000")
        #expect(try place.reply(to: Self.line(100)) == Self.filtered)
        #expect(try place.reply(to: Self.line(101)) == Self.tooLong)
        #expect(
            try place.reply(to: "+LOADCONF\r\n" + String(repeating: "xx\r\n", count: 250) + ".\r\n") == Self.filtered)
        #expect(
            try place.reply(to: "+LOADCONF\r\n" + String(repeating: "xx\r\n", count: 400) + ".\r\n") == Self.tooLong)
    }

    @Test("What never ends is not kept", arguments: [("GETINFO ", "xxxxxxxx"), ("+LOADCONF\r\n", "xxxxxxx\n")])
    func endless(beginning: String, rest: String) throws {
        let place = try Place()
        #expect(try place.reply(to: Self.line(100)) == Self.filtered)
        let before = try place.daemon.process.ownBytes
        #expect(try place.reply(to: beginning + String(repeating: rest, count: 8 << 20)) == Self.tooLong)
        #expect(try place.daemon.process.ownBytes - before < 32 << 20)
        #expect(try place.reply(to: Self.line(100)) == Self.filtered)
    }

    @Test("Once a client has read that its session is over, it cannot send any more")
    func nothingAfterTheEnd() throws {
        let place = try Place()
        for _ in 0..<200 {
            let client = try ControlClient(path: place.folder.file("app"))
            #expect(try client.ask("QUIT") == ["250 closing connection"])
            #expect(throws: SystemError.self) { try client.send("GETINFO version") }
        }
    }
}
