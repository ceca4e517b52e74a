import ControlProtocol
import Glibc
import TestSupport
import Testing

@testable import PeerIdentity

/// Whose a connection is of which only one end is known.
@Suite("Connections of a peer")
struct PeerConnectionTests {
    private func peer(_ client: Client) throws -> Peer { try PeerIdentifier.examine(process: client.pid) }

    /// The end of the connection that `socket` has accepted.
    private func end(_ socket: Connection) throws -> SocketEndpoint { try SocketEndpoint.peer(of: socket.rawValue) }

    @Test("A program's own, and not another's", arguments: TCPPeerTests.Route.allCases)
    func tellsApplicationsApart(route: TCPPeerTests.Route) throws {
        let listener = try TCPListener(family: route.listenerFamily)
        let client = try Client(route.connect + "print \"connected\\n\"; <STDIN>;", ["\(listener.port)"])
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        let end = try end(socket)
        #expect(try peer(client).owns(connectionFrom: end.address, port: end.port, to: [listener.port], known: .now))
        // Another process of the same program is the same application.
        let twin = try Client("print \"here\\n\"; <STDIN>;", [])
        #expect(twin.hear() == "here")
        #expect(try peer(twin).owns(connectionFrom: end.address, port: end.port, to: [listener.port], known: .now))
        // This one is of the same user, and another program.
        let other = try PeerIdentifier.examine(process: getpid())
        #expect(try !other.owns(connectionFrom: end.address, port: end.port, to: [listener.port], known: .now))
    }

    @Test("Another user's is not the same application's", .needs(.root))
    func tellsUsersApart() throws {
        let listener = try TCPListener(family: AF_INET)
        let client = try Client(
            "$< = $> = 65534; " + TCPPeerTests.Route.v4.connect + "print \"connected\\n\"; <STDIN>;",
            ["\(listener.port)"])
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        let end = try end(socket)
        let twin = try Client("print \"here\\n\"; <STDIN>;", [])
        #expect(twin.hear() == "here")
        #expect(try !peer(twin).owns(connectionFrom: end.address, port: end.port, to: [listener.port], known: .now))
        #expect(try peer(client).owns(connectionFrom: end.address, port: end.port, to: [listener.port], known: .now))
    }

    @Test("One that is closed is nobody's, even while its port is remembered")
    func closed() throws {
        let listener = try TCPListener(family: AF_INET)
        let client = try Client(
            TCPPeerTests.Route.v4.connect + "print \"connected\\n\"; <STDIN>; close $s; print \"closed\\n\"; <STDIN>;",
            ["\(listener.port)"])
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        let end = try end(socket)
        client.tell("close")
        #expect(client.hear() == "closed")
        let peer = try peer(client)
        #expect(throws: IdentityError.self) {
            try peer.owns(connectionFrom: end.address, port: end.port, to: [listener.port], known: .now)
        }
    }

    @Test("One from the same port to elsewhere does not matter, be it closed or not")
    func elsewhere() throws {
        let (listener, second) = (try TCPListener(family: AF_INET), try TCPListener(family: AF_INET))
        let client = try Client(
            """
            sub to { socket(my $s, AF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
                bind($s, pack_sockaddr_in($_[1], INADDR_LOOPBACK)) or die $!;
                connect($s, pack_sockaddr_in($_[0], INADDR_LOOPBACK)) or die $!; $s }
            my $s = to($ARGV[0], 0); my ($own) = unpack_sockaddr_in(getsockname $s);
            my $t = to($ARGV[1], $own); print "connected\n"; <STDIN>; close $t; print "closed\n"; <STDIN>;
            """, ["\(listener.port)", "\(second.port)"])
        let socket = listener.accept()
        do {
            let other = second.accept()
            #expect(client.hear() == "connected")
            client.tell("close")
            #expect(client.hear() == "closed")
            withExtendedLifetime(other) {}
        }
        let (end, peer) = (try end(socket), try peer(client))
        #expect(try peer.owns(connectionFrom: end.address, port: end.port, to: [listener.port], known: .now))
        #expect(throws: IdentityError.self) {
            try peer.owns(connectionFrom: end.address, port: end.port, to: [second.port], known: .now)
        }
    }

    @Test("One that two programs hold is neither's")
    func shared() throws {
        let listener = try TCPListener(family: AF_INET)
        let client = try Client(
            TCPPeerTests.Route.v4.connect + """
                fcntl($s, 2, 0); if (!fork) { exec '/bin/sh', '-c', 'echo connected; read x'; } wait;
                """, ["\(listener.port)"])
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        let end = try end(socket)
        let peer = try peer(client)
        #expect(throws: IdentityError.self) {
            try peer.owns(connectionFrom: end.address, port: end.port, to: [listener.port], known: .now)
        }
        client.tell("end")
    }
}
