import Foundation
import TestSupport
import Testing

/// tor-browser-mode for clients on this machine: a stream is the client's if the program at its source is.
@Suite("Local clients see their own streams", .needsTor)
struct OwnStreamsTests {
    private static let profiles = [
        "app": """
        - sockets: [app]
          tor-browser-mode: true
          commands: {GETINFO: [stream-status, version]}
          events: {STREAM: {}, STREAM_BW: {}, CIRC: {}}
        """
    ]

    /// Asks a SOCKS port for a stream to a port, and stays connected until it is told to go.
    private static let asker = """
        use IO::Socket::INET; my ($uid, $port, $target) = @ARGV; $< = $> = $uid;
        my $s = IO::Socket::INET->new("127.0.0.1:$port") or die; binmode $s; $s->autoflush(1);
        print $s "\\x05\\x01\\x00\\x05\\x01\\x00\\x03\\x0bexample.org" . pack("n", $target);
        sleep 600;
        """

    private let stage: Stage
    private let client: ControlClient
    private let port: UInt16

    init() throws {
        stage = try Stage(profiles: Self.profiles, servesSOCKS: true)
        client = try stage.client()
        port = try stage.tor.socksPort()
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("SETEVENTS STREAM CIRC") == ["250 OK"], "\(stage.daemon.log)")
    }

    /// A stream of this process's own, which is the client too.
    private func ask(for target: UInt16) throws -> StreamSocket {
        let socket = try StreamSocket.connect(host: "127.0.0.1", port: port)
        let name = Array("example.org".utf8)
        try socket.send([5, 1, 0, 5, 1, 0, 3, UInt8(name.count)] + name + [UInt8(target >> 8), UInt8(target & 0xFF)])
        return socket
    }

    /// Another program's stream, once tor knows of it.
    private func other(_ target: UInt16, uid: uid_t = geteuid()) throws -> ChildProcess {
        let process = try ChildProcess(
            "/usr/bin/perl", ["-e", Self.asker, "\(uid)", "\(port)", "\(target)"],
            output: stage.folder.file("asker-\(target)"))
        let witness = try stage.tor.client()
        try wait(for: "tor to have the stream; \(process.output)") {
            try witness.ask("GETINFO stream-status").contains { $0.hasSuffix("example.org:\(target)") } ? () : nil
        }
        return process
    }

    @Test("The client's own is seen, another program's is not")
    func programs() throws {
        let others = try other(1001)
        let own = try ask(for: 1002)
        let event = try client.event()
        #expect(event.count == 1 && event.first?.contains(" NEW 0 example.org:1002 ") == true, "\(event)")
        let status = try client.ask("GETINFO stream-status")
        #expect(status.filter { $0.contains(":") }.map { $0.suffix(16) } == ["example.org:1002"], "\(status)")
        own.shutdown()
        #expect(try client.event().first?.contains(" CLOSED 0 example.org:1002 ") == true)
        #expect(try client.ask("GETINFO stream-status") == ["250-stream-status=", "250 OK"])
        withExtendedLifetime(others) {}
    }

    @Test("A port that tor opens later counts as well, and one of another kind")
    func laterPorts() throws {
        let witness = try stage.tor.client()
        #expect(try witness.ask("SETCONF HTTPTunnelPort=auto SocksPort=0") == ["250 OK"])
        let listeners = try witness.ask("GETINFO net/listeners/httptunnel")
        let digits = listeners.first?.split(separator: ":").last.map { $0.prefix { $0.isNumber } }
        let later = try #require(digits.flatMap { UInt16($0) }, "\(listeners)")
        let own = try StreamSocket.connect(host: "127.0.0.1", port: later)
        try own.send(Array("CONNECT example.org:1005 HTTP/1.0\r\n\r\n".utf8))
        let event = try client.event()
        #expect(event.first?.contains(" NEW 0 example.org:1005 ") == true, "\(event)")
        withExtendedLifetime(own) {}
    }

    @Test("On a unix socket of tor's nobody can be told from others")
    func unixSocket() throws {
        let path = stage.folder.file("socks")
        let witness = try stage.tor.client()
        #expect(try witness.ask("SETCONF SocksPort=unix:\(path) SocksPort=\(port)") == ["250 OK"])
        #expect(try witness.ask("SETEVENTS STREAM") == ["250 OK"])
        let nobodys = try StreamSocket.connect(path: path)
        let name = Array("example.org".utf8)
        try nobodys.send([5, 1, 0, 5, 1, 0, 3, UInt8(name.count)] + name + [3, 0xEE])
        try wait(for: "tor to tell of the stream") {
            let event = try witness.event().first ?? ""
            return event.contains(" NEW 0 example.org:1006 SOURCE_ADDR=\(path):0 ") ? () : nil
        }
        let own = try ask(for: 1007)
        let event = try client.event()
        #expect(event.first?.contains(" NEW 0 example.org:1007 ") == true, "\(event)")
        withExtendedLifetime((nobodys, own)) {}
    }

    @Test("A program of the same kind is the client only if it is the same user's", .needs(.root))
    func users() throws {
        let script = """
            use Socket; use IO::Handle; socket(my $c, AF_UNIX, SOCK_STREAM, 0);
            connect($c, sockaddr_un(shift)) or die; $c->autoflush(1); $| = 1;
            print $c "AUTHENTICATE\\r\\n"; <$c>; print $c "SETEVENTS STREAM\\r\\n"; <$c>; print "ready\\n";
            while (<$c>) { print }
            """
        let browser = try ChildProcess(
            "/usr/bin/perl", ["-e", script, stage.folder.file("app")], output: stage.folder.file("browser"))
        try wait(for: "the browser to listen") { browser.output.contains("ready") ? () : nil }
        let foreign = try other(1003, uid: 65534)
        let own = try other(1004)
        try wait(for: "the event; \(browser.output)") { browser.output.contains("example.org:1004") ? () : nil }
        #expect(!browser.output.contains("example.org:1003"))
        withExtendedLifetime((foreign, own)) {}
    }
}
