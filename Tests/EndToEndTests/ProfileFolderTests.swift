import Foundation
import TestSupport
import Testing

@Suite("Several folders of profiles", .needsTor)
struct ProfileFolderTests {
    private let folder: TemporaryFolder
    private let tor: PrivateTor

    init() throws {
        folder = try TemporaryFolder()
        tor = try PrivateTor(in: folder)
        try folder.write("- {sockets: [one], commands: {GETINFO: [version]}}", to: "vendor/one.yml")
        try folder.write("- {sockets: [two], commands: {GETINFO: [version]}}", to: "vendor/two.yml")
        try folder.write("- {sockets: [three], commands: {GETINFO: [version]}}", to: "vendor/three.yml")
    }

    private func start() throws -> Daemon {
        let listeners = ["one", "two", "three"].flatMap { ["--listen-socket", "\($0)=\(folder.file($0))"] }
        return try Daemon(
            [
                "--no-tcp", "--control-socket", tor.socketPath,
                "--profiles", folder.file("vendor"), "--profiles", folder.file("admin"),
            ] + listeners,
            in: folder
        )
    }

    private func reply(to command: String, on listener: String) -> [String]? {
        guard let client = try? ControlClient(path: folder.file(listener)) else { return nil }
        _ = try? client.ask("AUTHENTICATE")
        return try? client.ask(command)
    }

    @Test("A later folder's file replaces the earlier one's, a link to /dev/null masks it, the rest stays")
    func overrideAndMask() throws {
        try folder.write("- {sockets: [one], commands: {GETINFO: [config-file]}}", to: "admin/one.yml")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("admin/two.yml"), withDestinationPath: "/dev/null"
        )
        let daemon = try start()
        #expect(reply(to: "GETINFO version", on: "one") == ["510 Command filtered"], "\(daemon.log)")
        #expect(reply(to: "GETINFO config-file", on: "one")?.last == "250 OK", "\(daemon.log)")
        #expect(reply(to: "GETINFO version", on: "two")?.first?.hasPrefix("250") != true, "\(daemon.log)")
        #expect(reply(to: "GETINFO version", on: "three")?.last == "250 OK", "\(daemon.log)")
    }

    @Test("A broken file is named with its line, and stops no other")
    func broken() throws {
        try folder.write("- sockets: [two]\n  commands: {GETINFO: ['(']}\n", to: "admin/two.yml")
        let daemon = try start()
        try daemon.waitForLog("two.yml:2:")
        #expect(reply(to: "GETINFO version", on: "one")?.last == "250 OK", "\(daemon.log)")
        #expect(reply(to: "GETINFO version", on: "two")?.first?.hasPrefix("250") != true, "\(daemon.log)")
    }

    @Test("Of a merged folder, filters for one client are united; one of another folder beside them is one too many")
    func merged() throws {
        try folder.write("- {sockets: [one, two], commands: {GETINFO: [config-file]}}", to: "merged/a.yml")
        try folder.write("- {sockets: [two, three], commands: {GETINFO: [address]}}", to: "merged/b.yml")
        try folder.write("- {sockets: [two], commands: {GETINFO: [traffic/read]}}", to: "merged/c.yml")
        let listeners = ["one", "two", "three"].flatMap { ["--listen-socket", "\($0)=\(folder.file($0))"] }
        try FileManager.default.removeItem(atPath: folder.file("vendor/two.yml"))
        let daemon = try Daemon(
            [
                "--no-tcp", "--control-socket", tor.socketPath, "--profiles", folder.file("vendor"), "--merged",
                folder.file("merged"),
            ] + listeners,
            in: folder
        )
        #expect(reply(to: "GETINFO config-file", on: "two")?.last == "250 OK", "\(daemon.log)")
        #expect(reply(to: "GETINFO traffic/read", on: "two")?.last == "250 OK", "\(daemon.log)")
        #expect(reply(to: "GETINFO version", on: "two") == ["510 Command filtered"], "\(daemon.log)")
        #expect(reply(to: "GETINFO version", on: "one")?.first?.hasPrefix("250") != true, "\(daemon.log)")
        try daemon.waitForLog("several profiles match", "'a' (", "'one' (")
    }

    @Test("A drop-in says who a profile is for, from the next reload on; a broken one lets nothing change")
    func dropIns() throws {
        try folder.write("", to: "admin/README")
        let admin = folder.file("admin.sock")
        let listeners = ["one", "two", "four"].flatMap { ["--listen-socket", "\($0)=\(folder.file($0))"] }
        let daemon = try Daemon(
            [
                "--no-tcp", "--control-socket", tor.socketPath, "--admin-socket", admin,
                "--profiles", folder.file("vendor"), "--profiles", folder.file("admin"),
            ] + listeners,
            in: folder
        )
        func ask(_ subcommand: String) throws -> (status: Int32, output: String) {
            let process = try ChildProcess(
                Daemon.program, [subcommand, "--socket", admin], output: folder.file("\(UUID().uuidString).out"))
            return (try process.waitForExit(), process.output)
        }
        #expect(reply(to: "GETINFO version", on: "four")?.first?.hasPrefix("250") != true, "\(daemon.log)")
        try folder.write("sockets: ['four']\n", to: "admin/one.yml.d/socket.yml")
        #expect(try ask("reload").status == 0)
        #expect(reply(to: "GETINFO version", on: "four")?.last == "250 OK", "\(daemon.log)")
        #expect(reply(to: "GETINFO version", on: "one")?.first?.hasPrefix("250") != true, "\(daemon.log)")
        let status = try ask("status").output
        #expect(
            status.contains(
                "[EXTENDED] \(folder.file("vendor/one.yml")) → \(folder.file("admin/one.yml.d/socket.yml"))\n"),
            "\(status)")

        try folder.write("sockets: four\n", to: "admin/one.yml.d/socket.yml")
        let failed = try ask("reload")
        #expect(failed.status != 0 && failed.output.contains("socket.yml:1:10: error:"), "\(failed)")
        #expect(reply(to: "GETINFO version", on: "four")?.last == "250 OK", "\(daemon.log)")
    }
}
