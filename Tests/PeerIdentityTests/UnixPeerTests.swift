import CLinux
import Glibc
import TestSupport
import Testing

@testable import PeerIdentity

@Suite("Peers on unix sockets")
struct UnixPeerTests {
    /// Receives once data is there.
    private func receive(_ reader: inout PeerReader, _ socket: Connection) -> (
        PeerReader.Reception, String
    ) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let number = socket.rawValue
        while true {
            let reception = buffer.withUnsafeMutableBytes { reader.receive(from: number, into: $0) }
            switch reception {
            case .bytes(let count, _): return (reception, String(decoding: buffer[..<count], as: UTF8.self))
            case .wouldBlock:
                var events = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
                guard poll(&events, 1, 60_000) == 1 else { return (.wouldBlock, "") }
            default: return (reception, "")
            }
        }
    }

    @Test("An unconfined client is known by its program, user, groups and unit")
    func identifiesClient() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(listener.path, then: "<STDIN>;")
        let socket = listener.accept()
        #expect(client.hear() == "connected")

        let peer = try PeerIdentifier.identify(unixSocket: socket.rawValue).peer
        #expect(peer.origin == .unixSocket)
        #expect(peer.credentials == PeerCredentials(pid: client.pid, uid: geteuid(), gid: getegid()))
        #expect(peer.userName == NameService.name(ofUser: geteuid()))
        #expect(peer.groups.first?.id == getegid())
        if !ProcessLabel.isAppArmorPresent {
            #expect(peer.label == nil)
            #expect(peer.evidence == .executable)
            #expect(peer.application == "/usr/bin/perl")
        }
    }

    @Test("A client that waits for replies may say anything")
    func passesProvenCommands() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(listener.path, then: "while (<STDIN>) { print $s $_; }")
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        for line in ["AUTHENTICATE", "GETINFO version", "SIGNAL NEWNYM"] {
            client.tell(line)
            #expect(receive(&reader, socket).1 == line + "\n")
        }
    }

    @Test("What was sent before the client was identified may be another's, and what follows is not")
    func doubtsEarlyBytes() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(
            listener.path, then: "print $s \"AUTHENTICATE\"; print \"sent\\n\"; while (<STDIN>) { print $s $_; }")
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        #expect(client.hear() == "sent")
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        // What comes behind in the same chunk is the peer's own.
        client.tell(" and more")
        var events = pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0)
        while clinux_queued_bytes(socket.rawValue) < 22 { poll(&events, 0, 10) }
        let (reception, text) = receive(&reader, socket)
        #expect(reception == .bytes(22, doubtful: 12))
        #expect(text == "AUTHENTICATE and more\n")
        client.tell("GETINFO version")
        #expect(receive(&reader, socket).0 == .bytes(16, doubtful: 0))
    }

    @Test("A child that was forked and never called exec may speak for its parent")
    func acceptsForkedChild() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(
            listener.path, then: "<STDIN>; if (!fork) { print $s \"GETINFO version\\r\\n\"; <STDIN>; } else { wait; }")
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        #expect(receive(&reader, socket).1 == "GETINFO version\r\n")
        client.tell("end")
    }

    @Test("However many children speak, the process that was identified stays known")
    func keepsTheFirst() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(
            listener.path,
            then: """
                # A child lives as long as its parent, which alone could write to the pipe.
                pipe(R, W);
                while (<STDIN>) {
                    if (/child/ && !fork) { close W; print $s "GETINFO version\\r\\n"; <R>; exit }
                    print $s $_ if /parent/;
                }
                """)
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        for _ in 0..<10 {
            client.tell("child")
            #expect(receive(&reader, socket).0 == .bytes(17, doubtful: 0))
        }
        client.tell("parent")
        #expect(receive(&reader, socket).0 == .bytes(7, doubtful: 0))
    }

    @Test("A child that is another program may not")
    func refusesOtherProgram() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(
            listener.path,
            then: """
                $^F = 255; fcntl($s, 2, 0); <STDIN>;
                if (!fork) { open(STDOUT, '>&', $s); exec '/bin/sh', '-c', 'echo QUIT; read x'; } else { wait; }
                """)
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        guard case .refused(.ambiguous) = receive(&reader, socket).0 else {
            Issue.record("another program's bytes were let through")
            return
        }
        client.tell("end")
    }

    @Test("A client that becomes another program by exec is heard no longer")
    func noticesExec() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(
            listener.path,
            then: """
                fcntl($s, 2, 0); <STDIN>; print $s "GETINFO version\\r\\n"; <STDIN>;
                open(STDOUT, '>&', $s); exec '/bin/sh', '-c', 'echo QUIT; read x';
                """)
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        #expect(receive(&reader, socket).1 == "GETINFO version\r\n")
        client.tell("exec")
        guard case .refused(.ambiguous) = receive(&reader, socket).0 else {
            Issue.record("another program's bytes were let through")
            return
        }
        client.tell("end")
    }

    @Test(
        "The groups are those that the client had when it connected, and who has fewer does not speak for it",
        .needs(.root))
    func keepsGroups() throws {
        let listener = try UnixListener()
        let client = try Client(
            """
            use IO::Handle; $) = "7 7 4242"; socket($s, AF_UNIX, SOCK_STREAM, 0); connect($s, sockaddr_un(shift)) or die;
            $s->autoflush(1); $) = "9 9 4242 4343"; print "connected\\n";
            <STDIN>; if (!fork) { $) = "7 7"; print $s "GETINFO version\\r\\n"; <STDIN>; } else { wait; }
            """, [listener.path])
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        let found = try PeerIdentifier.identify(unixSocket: socket.rawValue)
        #expect(Set(found.peer.groups.map(\.id)) == [7, 4242])
        var reader = found.reader
        client.tell("go")
        guard case .refused(.ambiguous) = receive(&reader, socket).0 else {
            Issue.record("a child that is in fewer groups was let through")
            return
        }
        client.tell("end")
    }

    @Test("Groups are told however many there are", .needs(.root))
    func manyGroups() throws {
        let listener = try UnixListener()
        let client = try Client(
            """
            $) = join ' ', 7, 7, 1001..1500; socket($s, AF_UNIX, SOCK_STREAM, 0);
            connect($s, sockaddr_un(shift)) or die; print "connected\\n"; <STDIN>;
            """, [listener.path])
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        let peer = try PeerIdentifier.identify(unixSocket: socket.rawValue).peer
        #expect(peer.groups.map(\.id) == [7] + Array(1001...1500))
    }

    @Test("What a child says may be another's if it was left waiting, for numbers of processes come again")
    func doubtsNewcomersAfterDelay() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(
            listener.path,
            then: """
                <STDIN>; if (!fork) { for (1..2) { print $s "GETINFO version\\r\\n"; print "sent\\n"; <STDIN>; } } wait;
                """)
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        #expect(client.hear() == "sent")
        reader.recordDelay()
        #expect(receive(&reader, socket).0 == .bytes(17, doubtful: 17))
        client.tell("go")
        #expect(client.hear() == "sent")
        #expect(receive(&reader, socket).0 == .bytes(17, doubtful: 0))
        client.tell("end")
    }

    @Test("A client whose process has ended cannot be known")
    func refusesTheDead() throws {
        guard !ProcessLabel.isAppArmorPresent else { return }
        let listener = try UnixListener()
        let socket: Connection
        do {
            let client = try Client.onUnixSocket(listener.path, then: "<STDIN>;")
            socket = listener.accept()
            #expect(client.hear() == "connected")
        }
        expectRefusal(\.isGone) { _ = try PeerIdentifier.identify(unixSocket: socket.rawValue) }
    }

    @Test("Where a label from the time of connect is demanded, a process's own is not enough")
    func requiresConnectTimeLabel() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(listener.path, then: "<STDIN>;")
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        #expect(throws: IdentityError.noConnectTimeLabel) {
            try PeerIdentifier.identify(unixSocket: socket.rawValue, requiresConnectTimeLabel: true)
        }
    }

    @Test("A process can be looked at without a connection")
    func examinesProcess() throws {
        let peer = try PeerIdentifier.examine(process: getpid())
        #expect(peer.credentials == PeerCredentials(pid: getpid(), uid: geteuid(), gid: getegid()))
        #expect(peer.executable?.path != nil)
    }
}
