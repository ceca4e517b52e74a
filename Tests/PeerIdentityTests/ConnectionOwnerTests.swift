import ControlProtocol
import Glibc
import Testing

@testable import PeerIdentity

@Suite("Whom a connection is charged to")
struct ConnectionOwnerTests {
    @Test("Who connected to a unix socket pays")
    func chargesUnixClient() throws {
        let listener = try UnixListener()
        let client = try Client.onUnixSocket(listener.path, then: "<STDIN>;")
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        #expect(ConnectionOwner(ofUnixSocket: socket.rawValue) == .user(geteuid()))
    }

    @Test("Who connected by TCP on this machine pays", arguments: TCPPeerTests.Route.allCases)
    func chargesLoopbackClient(route: TCPPeerTests.Route) throws {
        let listener = try TCPListener(family: route.listenerFamily)
        let client = try Client(route.connect + "print \"connected\\n\"; <STDIN>;", ["\(listener.port)"])
        let socket = listener.accept()
        #expect(client.hear() == "connected")
        #expect(ConnectionOwner(ofTCPSocket: socket.rawValue) == .user(geteuid()))
    }

    @Test("What is no socket is nobody's")
    func knowsNobody() {
        #expect(ConnectionOwner(ofTCPSocket: -1) == .unknown)
        #expect(ConnectionOwner(ofUnixSocket: -1) == .unknown)
    }

    @Test("An IPv6 network pays as one, and an IPv4 address for itself")
    func chargesNetwork() throws {
        let first = try #require(IPAddress("2001:db8::1:2:3:4"))
        let second = try #require(IPAddress("2001:db8::5"))
        #expect(ConnectionOwner.network(of: first) == ConnectionOwner.network(of: second))
        #expect("\(ConnectionOwner.network(ConnectionOwner.network(of: first)))" == "2001:db8::/64")
        let address = try #require(IPAddress("192.0.2.1"))
        #expect(ConnectionOwner.network(of: address) == address)
    }
}
