import ControlProtocol
import ServiceInterface
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

    @Test func opensSocketsToSome() throws {
        func access(_ argument: String) throws -> SocketAccess? {
            guard case .unix("/run/x,y/z", "app", let access) = try Configuration.Listening(argument: argument) else {
                return nil
            }
            return access
        }
        #expect(try access("app=/run/x,y/z") == .everyone)
        #expect(try access("app=/run/x,y/z,mode=0620") == SocketAccess(mode: 0o620))
        #expect(try access("app=/run/x,y/z,owner=root") == SocketAccess(owner: 0, mode: 0o600))
        #expect(try access("app=/run/x,y/z,group=4711,owner=0") == SocketAccess(owner: 0, group: 4711, mode: 0o660))
        #expect(
            try access("app=/run/x,y/z,mode=600,owner=12,group=root")
                == SocketAccess(owner: 12, group: 0, mode: 0o600))
        guard case .unix(_, "app", let relative) = try Configuration.Listening(argument: "app,mode=0600") else {
            Issue.record("a setting was taken for a name")
            return
        }
        #expect(relative == SocketAccess(mode: 0o600))
    }

    @Test(
        arguments: [
            ("mode=", "octal"), ("mode=0668", "octal"), ("mode=1666", "octal"), ("mode=+660", "octal"),
            ("mode=0440", "lets nobody connect"), ("owner=no such user", "no user 'no such user'"),
            ("group=", "no group ''"), ("group=4294967295", "no group"), ("grup=root", "',grup=root' is not a setting"),
            ("0660", "is not a setting"), ("mode=0660,", "is not a setting"), ("mode=0660,mode=0666", "twice"),
        ])
    func saysWhatIsWrongWithASetting(_ setting: String, _ problem: String) {
        #expect(
            performing: { try Configuration.Listening(argument: "app=/x,\(setting)") },
            throws: { "\($0)".hasPrefix("--listen-socket app=/x,\(setting): ") && "\($0)".contains(problem) })
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
