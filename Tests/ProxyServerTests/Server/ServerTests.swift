import ControlProtocol
import Foundation
import ServiceInterface
import TestSupport
import Testing

@testable import ProxyServer

/// The server as a whole: starting, listening, reloading, stopping.
@Suite struct ServerTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func removesItsSocketAndEndsSessionsWhenItStops() throws {
        let running = try RunningServer(in: folder)
        let client = try running.open()
        #expect(try client.ask("GETINFO address") == "510 Command filtered\r\n")
        running.server.stop()
        #expect(try client.receiveToEnd() == "")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["profiles"])
    }

    @Test func leavesNoDescriptorsBehind() throws {
        let tor = try FakeTor(at: .unix(path: folder.file("tor")))
        let running = try RunningServer(in: folder)
        for _ in 0..<20 { #expect(try running.open().ask("SIGNAL NEWNYM") == "250 OK\r\n") }
        try wait(for: "the sessions to end") { running.server.sessionCount == 0 }
        try wait(for: "the descriptors to be closed") { try !socketsOf(running).contains { $0.hasSuffix("/app") } }
        withExtendedLifetime(tor) {}
    }

    /// The paths of the connected sockets that this process holds and that have the server's path.
    private func socketsOf(_ running: RunningServer) throws -> [Substring] {
        let table = try String(contentsOfFile: "/proc/self/net/unix", encoding: .utf8)
        return table.split(separator: "\n").filter { $0.hasSuffix(folder.file("app")) && $0.contains(" 03 ") }
    }

    @Test func reloadsProfilesForSessionsToCome() throws {
        let running = try RunningServer(in: folder, profile: "[]")
        #expect(try running.connect().ask("X").hasPrefix("551 "))
        try folder.write(RunningServer.profile, to: "profiles/tester.yml")
        running.server.reload()
        let client = try running.open()
        #expect(try client.ask("X") == "510 Command filtered\r\n")
        try folder.write("- {name: broken", to: "profiles/tester.yml")
        running.server.reload()
        #expect(try running.open().ask("X") == "510 Command filtered\r\n")
        #expect(running.log.lines.contains { $0.contains("tester.yml:") })
    }

    @Test func saysThatWithoutProfilesItRefusesAll() throws {
        let running = try RunningServer(in: folder, profile: "")
        let warning = "there is no profile in \(folder.file("profiles")): all clients are refused"
        #expect(running.log.lines.contains { $0.contains(warning) })
        #expect(try running.connect().ask("X") == "551 onion-grater: no profile matches this client\r\n")
        try folder.write(RunningServer.profile, to: "profiles/tester.yml")
        running.server.reload()
        #expect(running.log.lines.filter { $0.contains("there is no profile") }.count == 1)
    }

    @Test func complainsWhereItIsToldTo() throws {
        let tor = try FakeTor(at: .unix(path: folder.file("tor")))
        let running = try RunningServer(in: folder) { $0.complains = true }
        #expect(try running.open().ask("GETINFO address") == "250-address=here\r\n")
        #expect(running.log.lines.contains { $0.contains("complain mode: GETINFO address") })
        withExtendedLifetime(tor) {}
    }

    @Test func acceptsNoMoreThanItCanServe() throws {
        let tor = try FakeTor(at: .unix(path: folder.file("tor")))
        let running = try RunningServer(in: folder) {
            $0.quota.sessions = 10
            $0.quota.sessionsPerOwner = 10
        }
        let first = try (0..<10).map { _ in try running.open() }
        for client in first { #expect(try client.ask("SIGNAL NEWNYM") == "250 OK\r\n") }
        let late = try running.connect()
        try late.send("AUTHENTICATE\r\n")
        usleep(150_000)
        #expect(running.server.sessionCount == 10)
        #expect(try first[0].ask("QUIT") == "250 closing connection\r\n")
        #expect(try late.receiveLine() == "250 OK\r\n")
        withExtendedLifetime(tor) {}
    }

    @Test func listensOnTCPOfBothKinds() throws {
        let loopback6 = try #require(IPAddress("::1"))
        let loopback = try #require(IPAddress("127.0.0.1"))
        let running = try RunningServer(
            in: folder, also: [.tcp(loopback, port: 0), .tcp(loopback6, port: 0), .interface("lo", port: 0)])
        let addresses = running.server.addresses.filter(\.isTCP)
        #expect(addresses.count >= 3)
        for address in addresses {
            #expect(try TestSocket(connectedTo: address).ask("X").hasPrefix("551 onion-grater: "))
        }
    }

    @Test func doesNotTakeItselfForTor() throws {
        let own = SocketAddress.unix(path: folder.file("app"))
        #expect(
            performing: { try RunningServer(in: folder, upstream: [own]) },
            throws: { "\($0)".contains("tor is sought at \(own), where onion-grater itself listens") })
        #expect(!FileManager.default.fileExists(atPath: folder.file("app")))

        let tor = try FakeTor(at: .unix(path: folder.file("other-tor")))
        let running = try RunningServer(in: folder, upstream: [own, tor.address])
        #expect(try running.open().ask("SIGNAL NEWNYM") == "250 OK\r\n")
        #expect(running.log.lines.filter { $0.contains("connected") }.count == 1)
        withExtendedLifetime(tor) {}
    }

    @Test func knowsWhichAddressesLeadToAListener() throws {
        func address(_ text: String) throws -> SocketAddress { try SocketAddress(tcpArgument: text) }
        #expect(try address("127.0.0.1:951").accepts(try address("127.0.0.1:951")))
        #expect(try address("0.0.0.0:951").accepts(try address("127.0.0.1:951")))
        #expect(try address("[::]:951").accepts(try address("[::1]:951")))
        #expect(try !address("0.0.0.0:951").accepts(try address("127.0.0.1:9051")))
        #expect(try !address("0.0.0.0:951").accepts(try address("192.0.2.1:951")))
        #expect(try !address("127.0.0.1:951").accepts(try address("[::1]:951")))
        #expect(try !address("[::]:951").accepts(try address("127.0.0.1:951")))
        #expect(try !address("0.0.0.0:951").accepts(.unix(path: "/run/tor/control")))
    }

    @Test func saysWhyItCannotListen() throws {
        let running = try RunningServer(in: folder)
        #expect(
            performing: { try RunningServer(in: folder) }, throws: { "\($0)".contains("another onion-grater does") })
        #expect(try running.open().ask("X") == "510 Command filtered\r\n")
        let other = try TemporaryFolder()
        #expect(
            performing: { try RunningServer(in: other, also: [.interface("no such", port: 0)]) },
            throws: { "\($0)".contains("interface no such") })
        #expect(!FileManager.default.fileExists(atPath: other.file("app")))
    }
}
