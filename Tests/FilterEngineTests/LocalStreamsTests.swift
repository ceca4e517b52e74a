import ControlProtocol
import FilterEngine
import Profiles
import Testing

/// tor-browser-mode for a client on this machine: whose a stream is has to be found out first.
struct LocalStreamsTests {
    private var session: Session
    private var effects = Effects()

    init() throws {
        let events = ["STREAM"].reduce(into: [Keyword: EventRule]()) { rules, event in
            guard let keyword = Keyword(event) else { return }
            rules[keyword] = EventRule(
                isSuppressed: false, location: SourceLocation(file: "test.yml", line: 1, column: 1))
        }
        session = Session(
            policy: Policy(name: "browser", torBrowserMode: true, events: events),
            context: Session.Context(
                addresses: ConnectionAddresses(clientAddress: [], clientPort: [], serverAddress: [], serverPort: []),
                makeNonce: { [] }))
        Array("SETEVENTS STREAM\r\n".utf8).withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
        session.torConnected(version: nil, &effects)
        _ = tor("250 OK")
        _ = tor(
            "250-net/listeners/socks=\"127.0.0.1:9050\" \"[::1]:9150\" \"unix:/run/tor/socks:1\"",
            "250-net/listeners/httptunnel=\"127.0.0.1:8118\"", "250 OK")
        _ = tor("250 OK")
        effects.toTor = []
    }

    /// Feeds lines of tor's; those that the client gets.
    private mutating func tor(_ lines: String...) -> [String] {
        let bytes = lines.flatMap { "\($0)\r\n".utf8 }
        bytes.withUnsafeBufferPointer { session.receive(fromTor: $0, &effects) }
        return takeLines()
    }

    /// What tor gets.
    private mutating func takeCommands() -> [String] {
        defer { effects.toTor = [] }
        return String(decoding: effects.toTor, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    private mutating func resolve(_ isOwn: Bool) -> [String] {
        for source in takeSources() { session.resolved(source, isOwn: isOwn, &effects) }
        return takeLines()
    }

    private mutating func takeSources() -> [StreamSource] {
        defer { effects.streamSources = [] }
        return effects.streamSources
    }

    private mutating func takeLines() -> [String] {
        defer { effects.toClient = [] }
        return String(decoding: effects.toClient, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    @Test mutating func eventsWaitForTheAnswer() throws {
        let first = "650 STREAM 1 NEW 0 a.org:443 SOURCE_ADDR=127.0.0.1:40000 PURPOSE=USER CLIENT_PROTOCOL=SOCKS5"
        #expect(tor(first, "650 STREAM 1 SENTCONNECT 7 a.org:443").isEmpty)
        #expect(effects.streamSources.map(\.port) == [40000])
        #expect(effects.streamSources.first?.torPorts == [8118, 9050, 9150])
        #expect(resolve(true) == [first, "650 STREAM 1 SENTCONNECT 7 a.org:443"])
        #expect(tor("650 STREAM 1 SUCCEEDED 7 a.org:443") == ["650 STREAM 1 SUCCEEDED 7 a.org:443"])
    }

    @Test mutating func portsAreAskedForAnewWhenTheConfigurationHasChanged() throws {
        let question = ["GETINFO net/listeners/socks net/listeners/httptunnel"]
        #expect(tor("650-CONF_CHANGED", "650-SocksPort=9060", "650 OK").isEmpty)
        #expect(takeCommands() == question)
        // What comes meanwhile waits for the answer; one question is enough for many changes.
        let first = "650 STREAM 1 NEW 0 a.org:443 SOURCE_ADDR=127.0.0.1:40000 PURPOSE=USER CLIENT_PROTOCOL=SOCKS5"
        #expect(tor(first, "650 STREAM 2 NEW 0 b.org:443 SOURCE_ADDR=127.0.0.1:40001 CLIENT_PROTOCOL=SOCKS5").isEmpty)
        #expect(
            tor("650 STREAM 2 CLOSED 0 b.org:443", "650-CONF_CHANGED", "650 OK", "650-CONF_CHANGED", "650 OK").isEmpty)
        #expect(takeCommands().isEmpty && effects.streamSources.isEmpty)
        #expect(tor("250-net/listeners/socks=\"127.0.0.1:9060\"", "250-net/listeners/httptunnel=", "250 OK").isEmpty)
        #expect(takeCommands() == question && effects.streamSources.isEmpty)
        #expect(tor("250-net/listeners/socks=\"127.0.0.1:9070\"", "250-net/listeners/httptunnel=", "250 OK").isEmpty)
        #expect(takeCommands().isEmpty)
        #expect(effects.streamSources.map(\.port) == [40000])
        #expect(effects.streamSources.first?.torPorts == [9070])
        #expect(resolve(true) == [first])
    }

    @Test mutating func whereTorTellsNoPortsAllIsOthers() throws {
        _ = tor("650-CONF_CHANGED", "650-SocksPort=0", "650 OK")
        #expect(tor("650 STREAM 1 NEW 0 a.org:443 SOURCE_ADDR=127.0.0.1:40000 CLIENT_PROTOCOL=SOCKS5").isEmpty)
        #expect(tor("552 Unrecognized key \"net/listeners/socks\"").isEmpty)
        #expect(tor("650 STREAM 2 NEW 0 a.org:443 SOURCE_ADDR=127.0.0.1:40001 CLIENT_PROTOCOL=SOCKS5").isEmpty)
        #expect(effects.streamSources.isEmpty && effects.closing == nil)
        #expect(session.heldCount == 0)
    }

    @Test mutating func whatWaitsForPortsIsBounded() throws {
        _ = tor("650-CONF_CHANGED", "650 OK")
        for stream in 1..<600 {
            #expect(tor("650 STREAM \(stream) NEW 0 a:1 SOURCE_ADDR=127.0.0.1:1 CLIENT_PROTOCOL=SOCKS5").isEmpty)
            if stream.isMultiple(of: 2) { #expect(tor("650 STREAM \(stream) CLOSED 0 a:1").isEmpty) }
        }
        _ = tor("250-net/listeners/socks=\"127.0.0.1:9050\"", "250-net/listeners/httptunnel=", "250 OK")
        #expect(effects.streamSources.count == 128)
    }

    @Test mutating func anothersAreDropped() throws {
        #expect(tor("650 STREAM 1 NEW 0 a.org:443 SOURCE_ADDR=127.0.0.1:40000 CLIENT_PROTOCOL=SOCKS5").isEmpty)
        #expect(resolve(false).isEmpty)
        #expect(tor("650 STREAM 1 SUCCEEDED 7 a.org:443").isEmpty)
        // Tor itself, and programs on its unix socket, have no source that could be looked up.
        #expect(tor("650 STREAM 2 NEW 0 a.org:443 SOURCE_ADDR=/run/tor/socks:0 CLIENT_PROTOCOL=SOCKS5").isEmpty)
        #expect(tor("650 STREAM 3 NEW 0 a.org:443 PURPOSE=DIR_FETCH").isEmpty)
        #expect(effects.streamSources.isEmpty)
    }

    /// At its address and port there may be a connection of the client's to tor as well, which it is not the end of.
    @Test(arguments: [
        " CLIENT_PROTOCOL=DNS", " CLIENT_PROTOCOL=TRANS", " CLIENT_PROTOCOL=NATD", " CLIENT_PROTOCOL=UNKNOWN", "",
    ])
    mutating func whatCameByNoConnectionIsNobodys(sign: String) throws {
        #expect(tor("650 STREAM 1 NEWRESOLVE 0 a.org:0 SOURCE_ADDR=127.0.0.1:40000 PURPOSE=DNS_REQUEST\(sign)").isEmpty)
        #expect(effects.streamSources.isEmpty)
        #expect(tor("650 STREAM 2 NEW 0 a.org:443 SOURCE_ADDR=127.0.0.1:40000 CLIENT_PROTOCOL=HTTPCONNECT").isEmpty)
        #expect(effects.streamSources.count == 1)
    }

    @Test mutating func whatHasEndedMeanwhileIsNobodys() throws {
        #expect(tor("650 STREAM 1 NEW 0 a.org:443 SOURCE_ADDR=127.0.0.1:40000 CLIENT_PROTOCOL=SOCKS5").isEmpty)
        #expect(tor("650 STREAM 1 CLOSED 0 a.org:443 REASON=DONE").isEmpty)
        #expect(resolve(true).isEmpty)
    }

    @Test mutating func whatWaitsIsBounded() throws {
        #expect(tor("650 STREAM 1 NEW 0 a.org:443 SOURCE_ADDR=127.0.0.1:40000 CLIENT_PROTOCOL=SOCKS5").isEmpty)
        let name = String(repeating: "a", count: 1000)
        for _ in 0..<2000 { #expect(tor("650 STREAM 1 REMAP 7 \(name):443").isEmpty) }
        #expect(resolve(true).isEmpty)
        // The bound is for what waits, not for what has been.
        #expect(tor("650 STREAM 2 NEW 0 a.org:443 SOURCE_ADDR=127.0.0.1:40001 CLIENT_PROTOCOL=SOCKS5").isEmpty)
        #expect(resolve(true).count == 1)
        for stream in 3..<600 {
            #expect(tor("650 STREAM \(stream) NEW 0 a:1 SOURCE_ADDR=127.0.0.1:1 CLIENT_PROTOCOL=SOCKS5").isEmpty)
        }
        #expect(effects.streamSources.count == 256)
    }
}
