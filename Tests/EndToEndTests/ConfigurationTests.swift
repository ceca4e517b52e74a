import Foundation
import TestSupport
import Testing

/// The daemon is asked about its configuration, and does not start.
@Suite struct ConfigurationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("- {name: app, sockets: [app]}\n", to: "profiles/app.yml")
    }

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = try ChildProcess(Daemon.program, arguments, output: folder.file("\(UUID()).out"))
        return (try process.waitForExit(), process.output)
    }

    private func check(_ arguments: String...) throws -> (status: Int32, output: String) {
        try run(
            ["--check-config", "--no-tcp", "--listen-socket", folder.file("app"), "--admin-socket", "none"]
                + arguments)
    }

    @Test func whatIsFineIsSaidToBe() throws {
        let result = try check("--profiles", folder.file("profiles"), "--control-socket", folder.file("tor"))
        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains("tor: warning: it cannot be reached now"))
        #expect(result.output.contains("the configuration is fine"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("app")), "nothing is changed")
    }

    @Test func eachKindOfErrorIsFound() throws {
        try folder.write("- {name: b, sockets: [app]}\n- {comands: {}}\n", to: "broken/b.yml")
        try folder.write("- {name: b, sockets: [app]}\n", to: "shared/b.yml")
        try folder.write("- {name: c, sockets: [app]}\n", to: "shared/c.yml")
        let cases: [([String], String)] = [
            (["--profiles", folder.file("broken")], "b.yml:2:4: error: 'comands' is not a key"),
            (["--profiles", folder.file("shared")], "error: clients of filter 'c' match others too"),
            (["--profiles", folder.file("missing")], "missing: error: this folder cannot be read"),
            (["--listen-socket", folder.file("no/folder/x")], "there is no folder"),
            (["--listen-socket", "y=\(folder.file("profiles/app.yml"))"], "something that is not a socket is there"),
            (["--listen-socket", "z=\(folder.file("z")),group=nosuchgroup"], "there is no group 'nosuchgroup'"),
            (["--admin-socket", folder.file("no/admin")], "the admin socket cannot be made"),
        ]
        for (arguments, message) in cases {
            let words = ["--check-config", "--no-tcp", "--control-socket", folder.file("tor")]
            let profiles = arguments.contains("--profiles") ? [] : ["--profiles", folder.file("profiles")]
            let socket = arguments.contains("--listen-socket") ? [] : ["--listen-socket", folder.file("app")]
            let admin = arguments.contains("--admin-socket") ? [] : ["--admin-socket", "none"]
            let result = try run(words + profiles + socket + admin + arguments)
            #expect(result.status == 1 && result.output.contains(message), "\(arguments): \(result)")
        }
        let address = try run(
            ["--check-config", "--listen-address", "192.0.2.1", "--profiles", folder.file("profiles")])
        #expect(
            address.status == 1 && address.output.contains("192.0.2.1:951: error: it cannot be listened on"),
            "\(address)")
    }

    @Test func whatIsInForceIsShown() throws {
        let result = try run([
            "--show-config", "--no-tcp", "--listen-socket", "chat=\(folder.file("app")),mode=0660", "--complain",
            "--control-port", "9151", "--max-sessions", "7", "--merged", folder.file("profiles"), "--debug",
        ])
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n").map(String.init)
        for line in [
            "listen-socket chat=\(folder.file("app")),mode=0660", "complain yes", "control-port 127.0.0.1:9151",
            "max-sessions 7", "merged \(folder.file("profiles"))", "log-level debug",
            "admin-socket /run/onion-grater/admin",
            "tor-password none",
        ] {
            #expect(lines.contains(line), "\(line) in \(result.output)")
        }
    }

    /// Swift's runtime reads the arguments from /proc: without it, options would not count.
    @Test(.needs(.root, .mounts), arguments: ["onion-grater", "grater-check"])
    func whereArgumentsCannotBeReadNothingStarts(program: String) throws {
        let folder = try TemporaryFolder()
        let path = URL(fileURLWithPath: Daemon.program).deletingLastPathComponent().appendingPathComponent(program).path
        let process = try ChildProcess(
            "/usr/bin/unshare",
            ["--mount", "sh", "-c", "mount -t tmpfs none /proc && exec \"$0\" \"$@\"", path, "--version"],
            output: folder.file("log"))
        #expect(try process.waitForExit() != 0)
        #expect(process.output.contains("is /proc mounted?"), "\(process.output)")
    }
}
