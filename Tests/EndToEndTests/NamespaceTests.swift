import Foundation
import TestSupport
import Testing

@Suite("A daemon in namespaces of its own")
struct NamespaceTests {
    /// As with systemd's PrivateUsers=: the daemon may look at hardly anything of a client, whose user it knows all the same.
    @Test("In a user namespace, it knows its clients' users", .needs(.root, .processNamespaces))
    func users() throws {
        let folder = try TemporaryFolder()
        let daemon = try Stage.daemon(
            in: folder, profiles: ["app": "- {sockets: [app], commands: {GETINFO: [version]}}"],
            upstream: ["--control-socket", folder.file("no-tor")],
            by: ["/usr/bin/unshare", "--user", "--map-root-user"])
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"], "\(daemon.log)")
        #expect(try client.ask("GETINFO address") == ["510 Command filtered"], "\(daemon.log)")
    }
}
