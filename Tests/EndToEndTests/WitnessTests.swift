import Foundation
import TestSupport
import Testing

/// That something has not reached tor proves nothing, unless the one who says so would have heard it.
@Suite("The witness between the daemon and tor", .needsTor)
struct WitnessTests {
    @Test("It hears what tor is told, and passes on what tor says")
    func hears() throws {
        let folder = try TemporaryFolder()
        let tor = try PrivateTor(in: folder)
        let relay = try RecordingRelay(in: folder, to: tor.socketPath)
        let client = try ControlClient(path: relay.path)
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("GETINFO version").first?.hasPrefix("250-version=0.") == true)
        #expect(try client.ask("GETINFO address").first?.hasPrefix("551 ") == true)
        #expect(relay.lines == ["AUTHENTICATE", "GETINFO version", "GETINFO address", ""])
        try client.send("QUIT")
        #expect(try client.reply() == ["250 closing connection"])
        #expect(try client.isAtEnd())
    }

    @Test("Its tor takes a password, and ends when it is told to")
    func password() throws {
        let tor = try PrivateTor("HashedControlPassword \(try PrivateTor.hash(password: "a b"))")
        let client = try ControlClient(port: tor.port)
        #expect(try client.ask(#"AUTHENTICATE "a b""#) == ["250 OK"])
        // Its exit status tells nothing: tor sometimes aborts on its way out, over a mutex that is gone already.
        try tor.process.stop(SIGINT)
        #expect(try client.isAtEnd())
    }
}
