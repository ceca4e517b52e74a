import ControlProtocol
import Glibc
import TestSupport
import Testing

@testable import PeerIdentity

@Suite("Peers on TCP sockets of this machine")
struct TCPPeerTests {
    /// How a client reaches a listener.
    enum Route: CaseIterable {
        case v4, v6, v4ToDualListener, mappedToV4Listener

        var listenerFamily: Int32 {
            switch self {
            case .v4, .mappedToV4Listener: AF_INET
            case .v6, .v4ToDualListener: AF_INET6
            }
        }

        var address: IPAddress? { self == .v6 ? IPAddress("::1") : IPAddress("127.0.0.1") }

        var connect: String {
            switch self {
            case .v4, .v4ToDualListener:
                "socket($s, AF_INET, SOCK_STREAM, 0); connect($s, pack_sockaddr_in(shift, INADDR_LOOPBACK)) or die;"
            case .v6:
                "socket($s, AF_INET6, SOCK_STREAM, 0); connect($s, pack_sockaddr_in6(shift, IN6ADDR_LOOPBACK)) or die;"
            case .mappedToV4Listener:
                """
                socket($s, AF_INET6, SOCK_STREAM, 0);
                connect($s, pack_sockaddr_in6(shift, inet_pton(AF_INET6, '::ffff:127.0.0.1'))) or die;
                """
            }
        }
    }

    @Test("The process is found by its end of the connection", arguments: Route.allCases)
    func identifiesClient(route: Route) throws {
        let listener = try TCPListener(family: route.listenerFamily)
        let client = try Client(route.connect + "print \"connected\\n\"; <STDIN>;", ["\(listener.port)"])
        let socket = listener.accept()
        #expect(client.hear() == "connected")

        let peer = try PeerIdentifier.identify(tcpSocket: socket.rawValue).peer
        guard case .loopback(let address, _) = peer.origin else {
            Issue.record("\(peer)")
            return
        }
        #expect(address == route.address)
        #expect(peer.credentials?.pid == client.pid)
        #expect(peer.credentials?.uid == geteuid())
        #expect(peer.evidence == .socketDiagnostics)
        if !ProcessLabel.isAppArmorPresent { #expect(peer.application == "/usr/bin/perl") }
    }

    @Test("What was written before is counted to the byte, received or not", arguments: [0, 1, 10, 5_000_000])
    func countsWritten(size: Int) throws {
        let listener = try TCPListener(family: AF_INET)
        let client = try Client(
            Route.v4.connect + """
                use Fcntl; fcntl($s, F_SETFL, O_NONBLOCK); $n = $ARGV[0]; $done = 0;
                while ($done < $n) { $c = syswrite($s, 'x' x ($n - $done)); last unless $c; $done += $c; }
                print "$done\\n"; <STDIN>;
                """, ["\(listener.port)", "\(size)"])
        let socket = listener.accept()
        let written = try #require(UInt64(client.hear()))
        let end = try SocketEndpoint.peer(of: socket.rawValue)
        let own = try SocketEndpoint.local(of: socket.rawValue)
        #expect(try SocketDiagnostics(of: end, connectedTo: own).bytesWritten == written)
    }

    @Test("A connection that two programs hold is refused")
    func refusesMixedHolders() throws {
        let listener = try TCPListener(family: AF_INET)
        let client = try Client(
            Route.v4.connect + """
                fcntl($s, 2, 0); if (!fork) { exec '/bin/sh', '-c', 'echo connected; read x'; } wait;
                """, ["\(listener.port)"])
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        expectRefusal(\.isAmbiguous) { _ = try PeerIdentifier.identify(tcpSocket: socket.rawValue) }
        client.tell("end")
    }

    @Test("A connection that its client has closed is refused")
    func refusesClosed() throws {
        let listener = try TCPListener(family: AF_INET)
        let client = try Client(Route.v4.connect + "close $s; print \"closed\\n\"; <STDIN>;", ["\(listener.port)"])
        let socket = listener.accept()
        #expect(client.hear() == "closed")
        expectRefusal(\.isGone) { _ = try PeerIdentifier.identify(tcpSocket: socket.rawValue) }
    }

    @Test(
        "Who would be connected between the same ends, and is not, is not taken for the client",
        .needs(.root))
    func refusesShadow() throws {
        let listener = try TCPListener(family: AF_INET)
        // Bound to an interface, so that another socket may begin at the same port.
        let client = try Client(
            """
            socket($s, AF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) or die;
            setsockopt($s, SOL_SOCKET, 25, "lo") or die; bind($s, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die;
            connect($s, pack_sockaddr_in(shift, INADDR_LOOPBACK)) or die;
            ($port) = unpack_sockaddr_in(getsockname($s)); print "$port\\n"; <STDIN>;
            """, ["\(listener.port)"])
        let port = client.hear()
        let socket = listener.accept()
        // It drops what it receives, or its answer would end the client's connection.
        let shadow = try Client(
            """
            socket($s, AF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) or die;
            $drop = pack('SCCL', 6, 0, 0, 0); setsockopt($s, SOL_SOCKET, 26, pack('S x6 P', 1, $drop)) or die;
            bind($s, pack_sockaddr_in($ARGV[1], INADDR_LOOPBACK)) or die $!;
            use Fcntl; fcntl($s, F_SETFL, O_NONBLOCK);
            connect($s, pack_sockaddr_in($ARGV[0], INADDR_LOOPBACK)); print $!{EINPROGRESS} ? "begun\\n" : "$!\\n"; <STDIN>;
            """, ["\(listener.port)", port])
        #expect(shadow.hear() == "begun")
        expectRefusal(\.isGone) { _ = try PeerIdentifier.identify(tcpSocket: socket.rawValue) }
        withExtendedLifetime(client) {}
    }

    @Test(
        "Who connects from an address that a route makes this machine's is no other machine",
        .needs(.root, .networkNamespaces, .ip))
    func knowsRoutedAddresses() throws {
        try OwnNamespace.withNetwork {
            #expect(OwnNamespace.succeeds("ip", ["route", "add", "local", "192.0.2.0/24", "dev", "lo"]))
            let listener = try TCPListener(family: AF_INET)
            let client = try Client(
                """
                socket($s, AF_INET, SOCK_STREAM, 0); bind($s, pack_sockaddr_in(0, inet_aton('192.0.2.7'))) or die;
                connect($s, pack_sockaddr_in(shift, INADDR_LOOPBACK)) or die; print "connected\\n"; <STDIN>;
                close $s; print "closed\\n"; <STDIN>;
                """, ["\(listener.port)"])
            let socket = listener.accept()
            #expect(client.hear() == "connected")
            #expect(ConnectionOwner(ofTCPSocket: socket.rawValue) == .user(geteuid()))
            let peer = try PeerIdentifier.identify(tcpSocket: socket.rawValue).peer
            #expect(peer.credentials?.pid == client.pid)
            client.tell("close")
            #expect(client.hear() == "closed")
            expectRefusal(\.isGone) { _ = try PeerIdentifier.identify(tcpSocket: socket.rawValue) }
        }
    }

    @Test("Who has taken the port of a client that is gone is not taken for it")
    func refusesSuccessor() throws {
        let listener = try TCPListener(family: AF_INET)
        let script = """
            socket($s, AF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1) or die;
            setsockopt($s, SOL_SOCKET, SO_LINGER, pack('ll', 1, 0)) or die;
            bind($s, pack_sockaddr_in($ARGV[1], INADDR_LOOPBACK)) or die;
            connect($s, pack_sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or die $!;
            syswrite($s, "GETINFO address\\r\\n"); ($port) = unpack_sockaddr_in(getsockname($s)); print "$port\\n"; <STDIN>;
            """
        let client = try Client(script + "close $s; print \"reset\\n\"; <STDIN>;", ["\(listener.port)", "0"])
        let port = client.hear()
        let socket = listener.accept()
        let end = try SocketEndpoint.peer(of: socket.rawValue)
        client.tell("on")
        #expect(client.hear() == "reset")
        let successor = try Client(script, ["\(listener.port)", port])
        #expect(successor.hear() == port)
        let itsSocket = listener.accept()
        #expect(try SocketEndpoint.peer(of: itsSocket.rawValue) == end)
        #expect(try PeerIdentifier.identify(tcpSocket: itsSocket.rawValue).peer.credentials?.pid == successor.pid)
        expectRefusal(\.isGone) { _ = try LoopbackPeer.identify(socket.rawValue, from: end, since: .now) }
    }

    @Test("Many who ask at once are all answered")
    func answersManyAtOnce() async throws {
        let listener = try TCPListener(family: AF_INET)
        let client = try Client(
            """
            my @s; for (1..20) { socket(my $s, AF_INET, SOCK_STREAM, 0);
            connect($s, pack_sockaddr_in($ARGV[0], INADDR_LOOPBACK)) or die; push @s, $s; } print "connected\\n"; <STDIN>;
            """, ["\(listener.port)"])
        #expect(client.hear() == "connected")
        let pid = client.pid
        try await withThrowingTaskGroup(of: pid_t?.self) { group in
            for _ in 0..<16 {
                let socket = listener.accept()
                group.addTask {
                    try PeerIdentifier.identify(tcpSocket: socket.rawValue).peer.credentials?.pid
                }
            }
            for try await found in group { #expect(found == pid) }
        }
    }

    @Test("A server's own descriptors can be left out, and no others are")
    func leavesOut() throws {
        let listener = try TCPListener(family: AF_INET)
        let client = try Client(Route.v4.connect + "print \"connected\\n\"; <STDIN>;", ["\(listener.port)"])
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        let inode = try SocketDiagnostics(of: .peer(of: socket.rawValue), connectedTo: .local(of: socket.rawValue))
            .inode
        var status = stat()
        try #require(fstat(socket.rawValue, &status) == 0)
        let whole = try HolderScan()
        let rest = try HolderScan(leavingOut: getpid())
        #expect(whole.holders(of: UInt64(status.st_ino))?.map(\.process.pid) == [getpid()])
        #expect(rest.holders(of: UInt64(status.st_ino))?.isEmpty == true)
        #expect(rest.holders(of: inode)?.map(\.process.pid) == [client.pid])
    }
}
