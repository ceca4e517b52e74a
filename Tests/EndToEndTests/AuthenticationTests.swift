import Foundation
import TestSupport
import Testing

@Suite("The daemon authenticates to a real tor", .needsTor)
struct AuthenticationTests {
    private static let profiles = ["app": "- {sockets: [app], commands: {GETINFO: [version]}}"]

    /// Ways to reach a tor of the kind that `options` make it.
    struct Method: CustomTestStringConvertible {
        let testDescription: String
        let options: [String]
    }

    @Test(
        "By the unix socket and by TCP",
        arguments: [
            Method(testDescription: "without a secret", options: []),
            Method(testDescription: "with the cookie", options: ["CookieAuthentication 1"]),
        ], ["socket", "port"]
    )
    func upstream(method: Method, kind: String) throws {
        let folder = try TemporaryFolder()
        let tor = try PrivateTor(method.options.joined(separator: "\n"), in: folder)
        let upstream =
            kind == "socket" ? ["--control-socket", tor.socketPath] : ["--control-port", "127.0.0.1:\(tor.port)"]
        let daemon = try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: upstream + ["--control-cookie-path", tor.cookiePath]
        )
        try expectVersion(folder, daemon)
    }

    @Test("The cookie is proven and never shown: SAFECOOKIE, though tor takes COOKIE too")
    func safeCookie() throws {
        let folder = try TemporaryFolder()
        let tor = try PrivateTor("CookieAuthentication 1", in: folder)
        let relay = try RecordingRelay(in: folder, to: tor.socketPath)
        let daemon = try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: ["--control-socket", relay.path]
        )
        try expectVersion(folder, daemon)
        let cookie = try Data(contentsOf: URL(fileURLWithPath: tor.cookiePath)).map { String(format: "%02X", $0) }
        #expect(relay.lines.contains { $0.hasPrefix("AUTHCHALLENGE SAFECOOKIE ") })
        #expect(!relay.lines.contains { $0.uppercased().contains(cookie.joined()) })
    }

    @Test(
        "Where the environment says that it is, unless an option says otherwise",
        arguments: ["TOR_CONTROL_IPC_PATH", "TOR_CONTROL_HOST", "TOR_CONTROL_PORT", "an option"]
    )
    func environment(variable: String) throws {
        let folder = try TemporaryFolder()
        let tor = try PrivateTor(in: folder)
        let nowhere = folder.file("no-tor")
        let (environment, upstream): ([String: String], [String]) =
            switch variable {
            case "TOR_CONTROL_IPC_PATH": ([variable: tor.socketPath], [])
            case "TOR_CONTROL_HOST": ([variable: "localhost", "TOR_CONTROL_PORT": "\(tor.port)"], [])
            case "TOR_CONTROL_PORT": ([variable: "\(tor.port)", "TOR_CONTROL_IPC_PATH": nowhere], [])
            default: (["TOR_CONTROL_IPC_PATH": nowhere], ["--control-socket", tor.socketPath])
            }
        let daemon = try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: upstream, environment: environment)
        try expectVersion(folder, daemon)
    }

    @Test("With the cookie that TOR_CONTROL_COOKIE_AUTH_FILE names, wherever tor says that it is")
    func cookieFromEnvironment() throws {
        let folder = try TemporaryFolder()
        let tor = try PrivateTor("CookieAuthentication 1", in: folder)
        try FileManager.default.moveItem(atPath: tor.cookiePath, toPath: folder.file("elsewhere"))
        let daemon = try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: ["--control-socket", tor.socketPath],
            environment: ["TOR_CONTROL_COOKIE_AUTH_FILE": folder.file("elsewhere")]
        )
        try expectVersion(folder, daemon)
    }

    @Test("With the password from TOR_CONTROL_PASSWD")
    func password() throws {
        let folder = try TemporaryFolder()
        let tor = try PrivateTor("HashedControlPassword \(try PrivateTor.hash(password: "a \"b\" \\ c"))", in: folder)
        let daemon = try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: ["--control-socket", tor.socketPath],
            environment: ["TOR_CONTROL_PASSWD": "a \"b\" \\ c"]
        )
        try expectVersion(folder, daemon)
    }

    @Test("A wrong password: the client is told, the log says why, nothing is let through")
    func wrongPassword() throws {
        let folder = try TemporaryFolder()
        let tor = try PrivateTor("HashedControlPassword \(try PrivateTor.hash(password: "right"))", in: folder)
        let daemon = try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: ["--control-socket", tor.socketPath],
            environment: ["TOR_CONTROL_PASSWD": "wrong"]
        )
        let client = try ControlClient(path: folder.file("app"))
        let answers = [try? client.ask("AUTHENTICATE"), try? client.ask("GETINFO version")]
        #expect(answers[1]?.first?.hasPrefix("250") != true, "\(answers)")
        try daemon.waitForLog("515")
    }

    private func expectVersion(_ folder: TemporaryFolder, _ daemon: Daemon) throws {
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"], "\(daemon.log)")
        let reply = try client.ask("GETINFO version")
        #expect(reply.count == 2 && reply.first?.hasPrefix("250-version=0.") == true, "\(reply) \(daemon.log)")
    }
}
