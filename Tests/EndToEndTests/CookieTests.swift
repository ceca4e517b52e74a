import Foundation
import TestSupport
import Testing

/// The daemon's own cookie: a formality, for applications that insist on one.
@Suite("Clients authenticate with the daemon's cookie", .needsTor)
struct CookieTests {
    private static let profiles = ["app": "- {sockets: [app], commands: {GETINFO: [config-file]}}"]

    private let folder: TemporaryFolder
    private let tor: PrivateTor
    private var path: String { folder.file("cookie.of.ours") }

    init() throws {
        folder = try TemporaryFolder()
        tor = try PrivateTor("CookieAuthentication 1", in: folder)
    }

    private func start(_ path: String? = nil) throws -> Daemon {
        try Stage.daemon(
            in: folder, profiles: Self.profiles, upstream: ["--control-socket", tor.socketPath],
            arguments: ["--cookie-file", path ?? self.path])
    }

    private func cookie() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

    @Test("stem, with SAFECOOKIE and with COOKIE", .needsStem)
    func stem() throws {
        let daemon = try start()
        let (status, lines) = try Stem.run("cookie.py", folder.file("app"), path)
        let file = folder.file("torrc")
        #expect(status == 0, "\(lines) \(daemon.log)")
        #expect(lines == ["authenticate_safecookie \(file)", "authenticate_cookie \(file)"], "\(daemon.log)")
    }

    @Test("All may read it, it is another one with each start, and goes in the end")
    func file() throws {
        var cookies = Set<[UInt8]>()
        for _ in 0..<2 {
            let daemon = try start()
            cookies.insert(try cookie())
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o644)
            #expect(try daemon.process.stop() == 0)
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        #expect(cookies.count == 2 && cookies.allSatisfy { $0.count == 32 })
        // It is not tor's own.
        #expect(!cookies.contains(Array(try Data(contentsOf: URL(fileURLWithPath: tor.cookiePath)))))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).allSatisfy { !$0.contains("ours") })
    }

    @Test("A proof that is wrong is one, and nobody is sent to look for the file")
    func wrongProof() throws {
        let daemon = try start()
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("PROTOCOLINFO 1").contains("250-AUTH METHODS=NULL"))
        let challenge = try client.ask("AUTHCHALLENGE SAFECOOKIE \(String(repeating: "00", count: 32))")
        #expect(challenge.first?.hasPrefix("250 AUTHCHALLENGE SERVERHASH=") == true, "\(challenge)")
        let reply = try client.ask("AUTHENTICATE \(String(repeating: "00", count: 32))")
        #expect(reply.first?.hasPrefix("515 ") == true, "\(reply)")
        #expect(try client.isAtEnd())
        withExtendedLifetime(daemon) {}
    }

    @Test("Where it cannot be written the log says so, and all others are served")
    func unwritable() throws {
        let daemon = try start(folder.file("no/such/folder"))
        try daemon.waitForLog("cannot write the cookie")
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("GETINFO config-file").last == "250 OK")
    }
}
