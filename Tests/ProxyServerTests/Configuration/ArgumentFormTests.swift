import ControlProtocol
import Testing

@testable import ProxyServer

@Suite struct ArgumentFormTests {
    @Test func namesSockets() throws {
        #expect(try Configuration.Listening(argument: "app=/run/x/y") == .unix(path: "/run/x/y", name: "app"))
        #expect(try Configuration.Listening(argument: "/run/x/y") == .unix(path: "/run/x/y", name: "y"))
        #expect(try Configuration.Listening(argument: "/run/a=b/y") == .unix(path: "/run/a=b/y", name: "y"))
        for wrong in ["", "app=", "=/x", "/run/", "app=/" + String(repeating: "x", count: 107)] {
            #expect(throws: ConfigurationError.self) { try Configuration.Listening(argument: wrong) }
        }
    }

    @Test func readsPorts() throws {
        #expect(try SocketAddress(tcpArgument: "9051").description == "127.0.0.1:9051")
        #expect(try SocketAddress(tcpArgument: "10.0.0.1:9051").description == "10.0.0.1:9051")
        #expect(try SocketAddress(tcpArgument: "localhost:9051").description == "127.0.0.1:9051")
        #expect(try SocketAddress(tcpArgument: "[::1]:9051").description == "[::1]:9051")
        for wrong in ["", "0", "65536", "x:1", "1.2.3:9051", "[::1]", ":9051x"] {
            #expect(throws: ConfigurationError.self) { try SocketAddress(tcpArgument: wrong) }
        }
    }

    @Test func heedsTheEnvironment() throws {
        #expect(try Upstream { _ in nil }.addresses == Upstream.standardAddresses)
        let environment = [
            "TOR_CONTROL_IPC_PATH": "/x/control", "TOR_CONTROL_PORT": "9151", "TOR_CONTROL_PASSWD": "secret",
            "TOR_CONTROL_COOKIE_AUTH_FILE": "/x/cookie", "TOR_CONTROL_HOST": "",
        ]
        let upstream = try Upstream { environment[$0] }
        #expect(upstream.addresses.map(\.description) == ["/x/control", "127.0.0.1:9151"])
        #expect(upstream.password == Array("secret".utf8))
        #expect(upstream.cookiePath == "/x/cookie")
        #expect(throws: ConfigurationError.self) { try Upstream { $0 == "TOR_CONTROL_PORT" ? "many" : nil } }
    }
}
