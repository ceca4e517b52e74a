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

    /// A client that has connected and does `script` next, and our end of the connection.
    private func connect(
        then script: String, by wrapper: [String] = []
    ) throws -> (client: Client, socket: Connection) {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(listener.path, then: script, by: wrapper)
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        return (client, socket)
    }

    private func expectAmbiguous(
        _ reception: PeerReader.Reception, _ otherwise: Comment, location: SourceLocation = #_sourceLocation
    ) {
        if case .refused(.ambiguous) = reception { return }
        Issue.record(otherwise, sourceLocation: location)
    }

    @Test("An unconfined client is known by its program, user, groups and unit")
    func identifiesClient() throws {
        let (client, socket) = try connect(then: "<STDIN>;")

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
        let (client, socket) = try connect(then: "while (<STDIN>) { print $s $_; }")
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        for line in ["AUTHENTICATE", "GETINFO version", "SIGNAL NEWNYM"] {
            client.tell(line)
            #expect(receive(&reader, socket).1 == line + "\n")
        }
    }

    @Test("What was sent before the client was identified may be another's, and what follows is not")
    func doubtsEarlyBytes() throws {
        let (client, socket) = try connect(
            then: "print $s \"AUTHENTICATE\"; print \"sent\\n\"; while (<STDIN>) { print $s $_; }")
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
        let (client, socket) = try connect(
            then: "<STDIN>; if (!fork) { print $s \"GETINFO version\\r\\n\"; <STDIN>; } else { wait; }")
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        #expect(receive(&reader, socket).1 == "GETINFO version\r\n")
        client.tell("end")
    }

    @Test("However many children speak, the process that was identified stays known")
    func keepsTheFirst() throws {
        let (client, socket) = try connect(
            then: """
                # A child lives as long as its parent, which alone could write to the pipe.
                pipe(R, W);
                while (<STDIN>) {
                    if (/child/ && !fork) { close W; print $s "GETINFO version\\r\\n"; print "$$\\n"; <R>; exit }
                    print $s $_ if /parent/;
                }
                """)
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        var family = [client.pid]
        for _ in 0..<10 {
            client.tell("child")
            #expect(receive(&reader, socket).0 == .bytes(17, doubtful: 0))
            family.append(try #require(pid_t(client.hear())))
        }
        client.tell("parent")
        #expect(receive(&reader, socket).0 == .bytes(7, doubtful: 0))
        #expect(HeldProcesses.among(family) == [family[0]] + family.suffix(2))
    }

    @Test("A process that has ended is not held open")
    func forgetsTheDead() throws {
        try expectForgotten { _ in }
    }

    @Test("The same, where the kernel does not let its memory be looked at", .needs(.root, .mounts, .mount))
    func forgetsTheDeadUnseen() throws {
        try OwnNamespace.withMounts { try expectForgotten { OwnNamespace.hideMemory(of: $0) } }
    }

    /// - Parameter prepare: is told the number of the process that will end, before it is looked at.
    private func expectForgotten(_ prepare: (pid_t) -> Void) throws {
        let (client, socket) = try connect(
            then: """
                <STDIN>;
                if (!fork) { print $s "GETINFO version\\r\\n"; print "$$\\n"; <STDIN>; print $s "QUIT\\r\\n"; exit }
                wait; print "ended\\n"; <STDIN>;
                """)
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        let child = try #require(pid_t(client.hear()))
        prepare(child)
        #expect(receive(&reader, socket).0 == .bytes(17, doubtful: 0))
        #expect(HeldProcesses.among([client.pid, child]) == [client.pid, child])
        client.tell("end")
        #expect(client.hear() == "ended")
        #expect(receive(&reader, socket).0 == .bytes(6, doubtful: 6))
        #expect(HeldProcesses.among([client.pid, child]) == [client.pid])
    }

    @Test("A child that is another program may not")
    func refusesOtherProgram() throws {
        let (client, socket) = try connect(
            then: """
                $^F = 255; fcntl($s, 2, 0); <STDIN>;
                if (!fork) { open(STDOUT, '>&', $s); exec '/bin/sh', '-c', 'echo QUIT; read x'; } else { wait; }
                """)
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        expectAmbiguous(receive(&reader, socket).0, "another program's bytes were let through")
        client.tell("end")
    }

    @Test("A client that becomes another program by exec is heard no longer")
    func noticesExec() throws {
        try expectExecNoticed { _ in }
    }

    @Test("So it is where the kernel does not let its memory be looked at", .needs(.root, .mounts, .mount))
    func noticesExecByTheFile() throws {
        try OwnNamespace.withMounts {
            try expectExecNoticed { pid in
                OwnNamespace.hideMemory(of: pid)
                let isHidden = try ProgramImage.current(of: ProcessDirectory(pid: pid)) == nil
                #expect(isHidden)
            }
        }
    }

    /// - Parameter prepare: is told the client's number before it is looked at.
    private func expectExecNoticed(_ prepare: (pid_t) throws -> Void) throws {
        let (client, socket) = try connect(
            then: """
                fcntl($s, 2, 0); <STDIN>; print $s "GETINFO version\\r\\n"; <STDIN>;
                open(STDOUT, '>&', $s); exec '/bin/sh', '-c', 'echo QUIT; read x';
                """)
        try prepare(client.pid)
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        #expect(receive(&reader, socket).1 == "GETINFO version\r\n")
        client.tell("exec")
        expectAmbiguous(receive(&reader, socket).0, "another program's bytes were let through")
        client.tell("end")
    }

    @Test("A client that has become another user is heard no longer", .needs(.root))
    func noticesAnotherUser() throws {
        let (client, socket) = try connect(
            then: """
                <STDIN>; print $s "GETINFO version\\r\\n"; <STDIN>; $< = 65534; print $s "QUIT\\r\\n"; <STDIN>;
                """)
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        #expect(receive(&reader, socket).1 == "GETINFO version\r\n")
        client.tell("become another")
        expectAmbiguous(receive(&reader, socket).0, "another user's bytes were let through")
        client.tell("end")
    }

    @Test("A child that was another user when it sent does not speak for its parent by what it is now", .needs(.root))
    func noticesWhoTheSenderWas() throws {
        let (client, socket) = try connect(
            then: """
                <STDIN>;
                if (!fork) { $< = 65534; print $s "GETINFO version\\r\\n"; $< = 0; print "sent\\n"; <STDIN>; } else { wait; }
                """)
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        #expect(client.hear() == "sent")
        expectAmbiguous(receive(&reader, socket).0, "another user's bytes were let through")
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
        expectAmbiguous(receive(&reader, socket).0, "a child that is in fewer groups was let through")
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
        let (client, socket) = try connect(
            then: """
                <STDIN>; if (!fork) { for (1..2) { print $s "GETINFO version\\r\\n"; print "sent\\n"; <STDIN>; } } wait;
                """)
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

    @Test(
        "What calls exec, were it for the same program, may have been another before, and is known from then on",
        arguments: executors)
    func doubtsWhatCallsExec(script: String) throws {
        let (client, socket) = try connect(then: script)
        var reader = try PeerIdentifier.identify(unixSocket: socket.rawValue).reader
        client.tell("go")
        #expect(client.hear() == "sent")
        #expect(receive(&reader, socket).0 == .bytes(6, doubtful: 6))
        client.tell("go")
        #expect(client.hear() == "sent")
        #expect(receive(&reader, socket).0 == .bytes(6, doubtful: 0))
        client.tell("end")
    }

    /// A child that becomes the speaker, and the client itself.
    private static let executors = [
        "$^F = 255; fcntl($s, 2, 0); <STDIN>; if (!fork) { exec $^X, '-e', \(speaker), fileno $s } wait;",
        "fcntl($s, 2, 0); <STDIN>; exec $^X, '-e', \(speaker), fileno $s;",
    ]

    /// Says something on the descriptor that it is given, twice, and tells so.
    private static let speaker =
        "q{$| = 1; open(my $s, '>&=', shift); for (1..2) { syswrite $s, qq[QUIT\\r\\n]; print qq[sent\\n]; <STDIN> }}"

    @Test("A client that is another user than when it connected cannot be known", .needs(.root))
    func refusesWhoBecameAnother() throws {
        let (client, socket) = try connect(then: "<STDIN>; $> = 65534; print \"changed\\n\"; <STDIN>;")
        client.tell("go")
        #expect(client.hear() == "changed")
        expectRefusal({ $0.description.contains("another user now") }) {
            _ = try PeerIdentifier.identify(unixSocket: socket.rawValue)
        }
        client.tell("end")
    }

    @Test("In a pid namespace that a user made, one process can send as another", .needs(.processNamespaces))
    func refusesNamespacesOfUsers() throws {
        let (client, socket) = try connect(
            then: "<STDIN>;",
            by: ["/usr/bin/unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child"])
        expectRefusal(\.isForeign) { _ = try PeerIdentifier.identify(unixSocket: socket.rawValue) }
        client.tell("end")
    }

    @Test("In one that root made, none can", .needs(.root, .processNamespaces))
    func knowsClientsInNamespacesOfRoots() throws {
        let (client, socket) = try connect(
            then: "<STDIN>;", by: ["/usr/bin/unshare", "--pid", "--fork", "--kill-child"])
        let peer = try PeerIdentifier.identify(unixSocket: socket.rawValue).peer
        #expect(peer.credentials?.uid == geteuid())
        client.tell("end")
    }

    @Test("What the kernel says instead of another namespace's numbers identifies nobody")
    func refusesForeignNumbers() throws {
        let foreign = [PeerCredentials(pid: 0, uid: 0, gid: 0), PeerCredentials(pid: 1, uid: Overflow.uid, gid: 0)]
        for credentials in foreign { expectRefusal(\.isForeign) { try UnixPeer.check(credentials) } }
        let sender = try KnownSender(ProcessDirectory(pid: getpid()))
        var verifier = try SenderVerifier(sender, as: sender.identity)
        let judgement = verifier.judge(PeerCredentials(pid: 0, uid: getuid(), gid: getgid())) { 0 }
        guard case .refused(.foreignNamespace) = judgement else {
            Issue.record("\(judgement)")
            return
        }
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
        let (client, socket) = try connect(then: "<STDIN>;")
        #expect(throws: IdentityError.noConnectTimeLabel) {
            try PeerIdentifier.identify(unixSocket: socket.rawValue, requiresConnectTimeLabel: true)
        }
        client.tell("end")
    }

    @Test("A process can be looked at without a connection")
    func examinesProcess() throws {
        let peer = try PeerIdentifier.examine(process: getpid())
        #expect(peer.credentials == PeerCredentials(pid: getpid(), uid: geteuid(), gid: getegid()))
        #expect(peer.executable?.path != nil)
    }
}
