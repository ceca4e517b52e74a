import Foundation
import Testing

/// own-listeners: a client publishes what its own program listens at, and nothing else of the machine.
@Suite("Own listeners", .needsTor)
struct OwnListenersTests {
    private static let profiles = [
        "app": """
        - sockets: [app]
          own-listeners: true
          commands: {GETINFO: [version], ADD_ONION: ['.*'], DEL_ONION: ['[a-z2-7]{56}'], SETCONF: ['HiddenService.*']}
        """,
        "patient": """
        - sockets: [patient]
          own-listeners: {within: 3}
          commands: {ADD_ONION: ['.*']}
        """,
    ]

    /// Another program, which listens at a free port of `ARGV[0]` and says which.
    private static let server = """
        use Socket qw(:all); $| = 1; my $a = shift;
        socket(my $s, $a eq '::' ? AF_INET6 : AF_INET, SOCK_STREAM, 0) or die;
        bind($s, $a eq '::' ? pack_sockaddr_in6(0, IN6ADDR_ANY) : pack_sockaddr_in(0, inet_aton($a))) or die;
        listen($s, 8) or die; my ($p) = unpack('x2n', getsockname $s); print "$p\\n"; sleep 600;
        """

    private let stage: Stage

    init() throws {
        stage = try Stage(profiles: Self.profiles, listeners: ["app", "patient"])
    }

    private func client(_ listener: String = "app") throws -> ControlClient {
        let client = try stage.client(listener)
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        return client
    }

    private func other(_ address: String) throws -> (ChildProcess, port: UInt16) {
        let process = try ChildProcess(
            "/usr/bin/perl", ["-e", Self.server, address], output: stage.folder.file(UUID().uuidString))
        let port = try wait(for: "the other program to listen") {
            UInt16(process.output.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return (process, port)
    }

    private static func add(_ ports: String) -> String { "ADD_ONION NEW:ED25519-V3 Flags=DiscardPK \(ports)" }

    @Test("What the client's own program listens at is published, until it listens no longer")
    func own() throws {
        let listener = try StreamSocket.listen(host: "127.0.0.1")
        let client = try client()
        let reply = try client.ask(Self.add("Port=80,127.0.0.1:\(listener.port)"))
        let address = try #require(reply.first?.dropFirst("250-ServiceID=".count), "\(reply) \(stage.daemon.log)")
        #expect(reply.last == "250 OK")
        let witness = try stage.tor.client()
        #expect(stage.relay.lines.contains { $0.hasPrefix("ADD_ONION ") })
        listener.socket.shutdown()
        try stage.daemon.waitForLog("onion service deleted", "DEL_ONION \(address)", "does not listen")
        try wait(for: "tor to delete the service") {
            stage.relay.lines.contains("DEL_ONION \(address)") ? () : nil
        }
        #expect(try client.ask("GETINFO version").last == "250 OK")
        withExtendedLifetime(witness) {}
    }

    @Test("A program may begin to listen later, where the profile gives it time")
    func within() throws {
        let client = try client("patient")
        let port = try StreamSocket.freePort()
        let late = try client.ask(Self.add("Port=80,\(port)"))
        #expect(late.last == "250 OK", "\(late)")
        try stage.daemon.waitForLog("onion service deleted", "did not begin to listen", "within 3 s")
        // Another program's port is refused at once.
        let (program, foreign) = try other("127.0.0.1")
        #expect(try client.ask(Self.add("Port=80,\(foreign)")) == ["510 Command filtered"])
        withExtendedLifetime(program) {}
    }

    @Test("A hostile client gets none of 1,000 targets that it does not listen at")
    func hostile() throws {
        let own = try StreamSocket.listen(host: "127.0.0.1")
        let others = try [other("127.0.0.1"), other("0.0.0.0"), other("::")]
        let free = try (0..<8).map { _ in try StreamSocket.freePort() }
        var targets: [String] = []
        let hosts = [
            "", "127.0.0.1:", "0.0.0.0:", "[::1]:", "[::]:", "[::ffff:127.0.0.1]:", "127.0.0.2:", "localhost:",
            "127.1:",
        ]
        for port in others.map(\.port) + free {
            for host in hosts {
                targets.append("Port=80,\(host)\(port)")
                // Its own beside the other's, on either side, and in forms that a filter might read otherwise.
                targets.append("Port=80,\(own.port) Port=81,\(host)\(port)")
                targets.append("port=81,\(host)\(port) Port=80,\(own.port)")
                targets.append("Port=80,\(host)\(port) Flags=DiscardPK,Detach")
                targets.append("Port=\(port)" + (host.isEmpty ? "" : " Port=80,\(host)\(port)"))
                targets.append("Flags=Detach Port=80,\(own.port)")
                targets.append("Port=80,unix:/run/user/0/bus Port=80,\(own.port)")
                targets.append("Port=80,unix:\(stage.folder.file("app"))")
                targets.append("Port=\(port),\(own.port) Port=\(own.port),\(host)\(port)")
                targets.append("MaxStreams=1 Port=80,\(host)\(port) Port=80,unix:/dev/log")
                targets.append("Port=80,\(host)0\(port)")
            }
        }
        targets = Array(targets.prefix(1000))
        #expect(targets.count == 1000)
        let client = try client()
        var through = 0
        // Many at once, so that commands wait for one another.
        for start in stride(from: 0, to: targets.count, by: 50) {
            let batch = targets[start..<min(start + 50, targets.count)]
            try client.send(bytes: batch.flatMap { Array("ADD_ONION NEW:ED25519-V3 \($0)\r\n".utf8) })
            for target in batch {
                let reply = try client.reply()
                if reply != ["510 Command filtered"] {
                    through += 1
                    Issue.record("\(target): \(reply)")
                }
            }
        }
        #expect(through == 0)
        #expect(!stage.relay.lines.contains { $0.hasPrefix("ADD_ONION") }, "tor must not have seen any of it")
        for host in ["", "127.0.0.1:"] {
            #expect(
                try client.ask("SETCONF HiddenServicePort=\"80 \(host)\(others[0].port)\"") == ["510 Command filtered"])
        }
        #expect(try client.ask(Self.add("Port=80,\(own.port)")).last == "250 OK", "its own is let through all the same")
        withExtendedLifetime((own, others)) {}
    }
}
