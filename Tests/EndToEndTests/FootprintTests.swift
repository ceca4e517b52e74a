import Foundation
import TestSupport
import Testing

@Suite("What the daemon takes")
struct FootprintTests {
    @Test("It does without full Foundation")
    func libraries() throws {
        let folder = try TemporaryFolder()
        let daemon = try Stage.daemon(
            in: folder, profiles: ["app": "- {sockets: [app], commands: {GETINFO: ['version']}}"],
            upstream: ["--control-socket", folder.file("no-tor")])
        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/\(daemon.process.id)/maps"))
        let maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        let libraries = Set(maps.split(separator: "\n").compactMap { $0.split(separator: "/").last.map(String.init) })
        #expect(libraries.contains { $0.hasPrefix("libyaml") }, "\(maps)")
        for heavy in ["libFoundation.so", "lib_FoundationICU.so", "libFoundationInternationalization.so"] {
            #expect(!libraries.contains(heavy))
        }
    }

    @Test("At rest it takes no processor time, and little memory")
    func rest() throws {
        let folder = try TemporaryFolder()
        let daemon = try Stage.daemon(
            in: folder, profiles: ["app": "- {sockets: [app]}"], upstream: ["--control-socket", folder.file("no-tor")])
        let clients = try (0..<100).map { _ in try ControlClient(path: folder.file("app")) }
        for client in clients { #expect(try client.ask("AUTHENTICATE") == ["250 OK"]) }
        // What was begun shall be over.
        _ = try wait(for: "the daemon to rest") {
            let before = try daemon.process.processorSeconds
            usleep(1_000_000)
            return try daemon.process.processorSeconds == before ? () : nil
        }
        #expect(try daemon.process.ownBytes < 32 << 20)
    }

    @Test("A thousand profiles that are read again and again take no more memory than once")
    func reloads() throws {
        let folder = try TemporaryFolder()
        let rules = (0..<20).map { "'word\($0)/[a-z]{5}'" }.joined(separator: ", ")
        let profiles = (0..<1000).map { number in
            ("app\(number)", "- {sockets: [app\(number)], commands: {GETINFO: [\(rules)]}}\n")
        }
        let daemon = try Stage.daemon(
            in: folder, profiles: Dictionary(uniqueKeysWithValues: profiles),
            upstream: ["--control-socket", folder.file("no-tor")],
            arguments: ["--admin-socket", folder.file("admin")])
        let before = try daemon.process.ownBytes
        for _ in 0..<5 {
            let reload = try ChildProcess(
                Daemon.program, ["reload", "--admin-socket", folder.file("admin")], output: folder.file("reload"))
            #expect(try reload.waitForExit() == 0, "\(reload.output)")
        }
        let after = try daemon.process.ownBytes
        #expect(after < before + before / 3, "\(before >> 10) kB before, \(after >> 10) kB after")
    }
}
