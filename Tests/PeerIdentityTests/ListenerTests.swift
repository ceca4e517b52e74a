import ControlProtocol
import Glibc
import TestSupport
import Testing

@testable import PeerIdentity

/// Whether it is a peer's application that listens somewhere.
@Suite("Listeners of a peer")
struct ListenerTests {

    private func here() throws -> Peer { try PeerIdentifier.examine(process: getpid()) }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    private func isForeign(_ owner: ListenerOwner) -> Bool {
        if case .foreign = owner { true } else { false }
    }

    /// A program of another kind that listens, and says at which port.
    private func other(_ bind: String) throws -> (Client, port: UInt16) {
        let client = try Client(
            "socket(my $s, \(bind)) or die $!; listen($s, 8) or die $!; "
                + "my ($p) = unpack('x2n', getsockname $s); print \"$p\\n\"; <STDIN>;", [])
        return (client, try #require(UInt16(client.hear())))
    }

    private static let v4 = "AF_INET, SOCK_STREAM, 0); bind($s, pack_sockaddr_in(0, INADDR_LOOPBACK)"
    private static let any = "AF_INET, SOCK_STREAM, 0); bind($s, pack_sockaddr_in(0, INADDR_ANY)"
    private static let v6 = "AF_INET6, SOCK_STREAM, 0); bind($s, pack_sockaddr_in6(0, IN6ADDR_ANY)"

    @Test("Its own, at the address and at no other")
    func own() throws {
        let listener = try TCPListener(family: AF_INET)
        let peer = try here()
        #expect(try peer.listener(at: address("127.0.0.1"), port: listener.port) == .own)
        #expect(try peer.listener(at: address("::ffff:127.0.0.1"), port: listener.port) == .own)
        #expect(try peer.listener(at: address("0.0.0.0"), port: listener.port) == .own)
        #expect(try peer.listener(at: address("127.0.0.2"), port: listener.port) == .nobody)
        #expect(try peer.listener(at: address("::1"), port: listener.port) == .nobody)
        let all = try TCPListener(family: AF_INET6)
        for text in ["127.0.0.1", "127.0.0.2", "::1", "::"] {
            #expect(try peer.listener(at: address(text), port: all.port) == .own, "\(text)")
        }
    }

    @Test("Another program's", arguments: [v4, any, v6])
    func foreign(bind: String) throws {
        let (program, port) = try other(bind)
        #expect(isForeign(try here().listener(at: address("127.0.0.1"), port: port)))
        #expect(isForeign(try here().listener(at: address("0.0.0.0"), port: port)))
        let twin = try PeerIdentifier.examine(process: program.pid)
        #expect(try twin.listener(at: address("127.0.0.1"), port: port) == .own)
        program.tell("end")
    }

    @Test("The same program's under another user", .needs(.root))
    func otherUser() throws {
        let (program, port) = try other(Self.v4 + "); $< = $> = 65534; (1")
        let (own, _) = try other(Self.v4)
        let peer = try PeerIdentifier.examine(process: own.pid)
        // The socket was made before the program became another user.
        #expect(throws: IdentityError.self) { try peer.listener(at: address("127.0.0.1"), port: port) }
        program.tell("end")
    }

    @Test("Two programs that share a port are not the application's own")
    func shared() throws {
        let own = try TCPListener(family: AF_INET)
        let holder = try Client(
            "socket(my $s, AF_INET, SOCK_STREAM, 0); setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1); "
                + "bind($s, pack_sockaddr_in($ARGV[0], inet_aton('127.0.0.2'))) or die $!; listen($s, 8); "
                + "print \"listens\\n\"; <STDIN>;", ["\(own.port)"])
        #expect(holder.hear() == "listens")
        #expect(try here().listener(at: address("127.0.0.1"), port: own.port) == .own)
        #expect(isForeign(try here().listener(at: address("127.0.0.2"), port: own.port)))
        // To no address in particular, the connection could go to either.
        #expect(isForeign(try here().listener(at: address("0.0.0.0"), port: own.port)))
        holder.tell("end")
    }

    @Test("Another machine's address is its own business, and a remote client's listeners are unknown")
    func elsewhere() throws {
        #expect(try here().listener(at: address("192.0.2.1"), port: 80) == .elsewhere)
        #expect(try here().listener(at: address("2001:db8::1"), port: 80) == .elsewhere)
        let listener = try TCPListener(family: AF_INET)
        let remote = Peer(origin: .remote(try address("192.0.2.7"), port: 4000))
        #expect(isForeign(try remote.listener(at: address("127.0.0.1"), port: listener.port)))
        #expect(try remote.listener(at: address("192.0.2.7"), port: 80) == .elsewhere)
    }

    @Test("A unix socket whose path the client could change is not steady")
    func changeablePaths() throws {
        let listener = try UnixListener()
        let peer = try here()
        guard case .foreign(let why) = try peer.listener(atUnixSocket: listener.path) else {
            Issue.record("the folder is this user's")
            return
        }
        #expect(why.contains("the client can change what is in"))
        #expect(isForeign(try peer.listener(atUnixSocket: "relative")))
        #expect(isForeign(try peer.listener(atUnixSocket: "/run/../\(listener.path)")))
    }

    @Test("A unix socket in a folder of root's", .needs(.root))
    func unixSockets() throws {
        // Root may change everything, so the client here is another user's.
        let folder = "/run/onion-grater-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        try #require(mkdir(folder, 0o755) == 0)
        defer { rmdir(folder) }
        let path = "\(folder)/socket"
        defer {
            unlink(path)
            unlink("\(folder)/link")
        }
        let client = try Client(
            "socket(my $s, AF_UNIX, SOCK_STREAM, 0); bind($s, sockaddr_un(shift)) or die $!; listen($s, 8); "
                + "$< = $> = 65534; print \"listens\\n\"; <STDIN>; close $s; print \"closed\\n\"; <STDIN>;", [path])
        #expect(client.hear() == "listens")
        let peer = try PeerIdentifier.examine(process: client.pid)
        #expect(try peer.listener(atUnixSocket: path) == .own)
        #expect(try peer.listener(atUnixSocket: "\(folder)/other") == .nobody)
        let foreign = try Client("$< = $> = 65534; exec '/bin/sh', '-c', 'echo here; read x';", [])
        #expect(foreign.hear() == "here")
        #expect(isForeign(try PeerIdentifier.examine(process: foreign.pid).listener(atUnixSocket: path)))
        try #require(symlink(path, "\(folder)/link") == 0)
        #expect(isForeign(try peer.listener(atUnixSocket: "\(folder)/link")))
        try #require(chmod(folder, 0o777) == 0)
        #expect(isForeign(try peer.listener(atUnixSocket: path)))
        try #require(chmod(folder, 0o755) == 0)
        client.tell("close")
        #expect(client.hear() == "closed")
        #expect(try peer.listener(atUnixSocket: path) == .nobody)
        foreign.tell("end")
    }
}
