import Foundation
import Profiles
import Synchronization
import TestSupport
import Testing

@testable import ProxyServer

/// Folders of profiles that change.
@Suite struct ProfileWatchTests {
    let folder: TemporaryFolder
    /// How often a change was told.
    private let changes = Counter()

    private final class Counter: Sendable {
        let count = Atomic(0)
        func add() { count.wrappingAdd(1, ordering: .relaxed) }
        var value: Int { count.load(ordering: .relaxed) }
    }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func watch(_ names: String...) throws -> ProfileWatch {
        try ProfileWatch(names.map { ProfileDirectory(folder.file($0)) }, calm: .milliseconds(30)) { [changes] in
            changes.add()
        }
    }

    private func expectChange(_ what: String, _ action: () throws -> Void) throws {
        let before = changes.value
        try action()
        try wait(for: "a change: \(what)") { changes.value > before }
    }

    @Test func tellsWhateverBecomesOfAProfile() throws {
        let files = FileManager.default
        try folder.write("old", to: "profiles/a.yml")
        let watch = try watch("profiles")
        try expectChange("written") { try folder.write("new", to: "profiles/a.yml") }
        try expectChange("linked") {
            try files.createSymbolicLink(atPath: folder.file("profiles/b.yml"), withDestinationPath: "/dev/null")
        }
        try expectChange("renamed away") {
            try files.moveItem(atPath: folder.file("profiles/a.yml"), toPath: folder.file("profiles/a.yml.dpkg-old"))
        }
        try expectChange("renamed here") {
            try files.moveItem(atPath: folder.file("profiles/a.yml.dpkg-old"), toPath: folder.file("profiles/c.yml"))
        }
        try expectChange("removed") { try files.removeItem(atPath: folder.file("profiles/c.yml")) }
        try expectChange("new") { try folder.write("x", to: "profiles/d.yml") }
        try expectChange("readable no more") { chmod(folder.file("profiles/d.yml"), 0) }
        watch.stop()
    }

    @Test func dropInsCountAsProfiles() throws {
        try folder.write("", to: "profiles/a.yml")
        let watch = try watch("profiles")
        try expectChange("a folder") {
            try FileManager.default.createDirectory(
                atPath: folder.file("profiles/a.yml.d"), withIntermediateDirectories: false)
        }
        try expectChange("new") { try folder.write("users: ['x']", to: "profiles/a.yml.d/users.yml") }
        try expectChange("written") { try folder.write("users: ['y']", to: "profiles/a.yml.d/users.yml") }
        try expectChange("a link") {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file("profiles/a.yml.d/link.yml"), withDestinationPath: folder.file("outside"))
        }
        try expectChange("what the link leads to") { try folder.write("users: ['z']", to: "outside") }
        try expectChange("gone") { try FileManager.default.removeItem(atPath: folder.file("profiles/a.yml.d")) }
        watch.stop()
    }

    @Test func otherFilesAreNobodysBusiness() throws {
        try folder.write("", to: "profiles/a.yml")
        let watch = try watch("profiles")
        for name in ["README", ".a.yml.swp", ".hidden.yml", "a.yml~"] { try folder.write("", to: "profiles/\(name)") }
        usleep(300_000)
        #expect(changes.value == 0)
        watch.stop()
    }

    @Test func waitsForAFolderThatIsNotThere() throws {
        let watch = try watch("one/two/profiles", "other")
        try expectChange("a folder on the way") {
            try FileManager.default.createDirectory(atPath: folder.file("one"), withIntermediateDirectories: false)
        }
        try expectChange("all at once") { try folder.write("", to: "one/two/profiles/a.yml") }
        try expectChange("written") { try folder.write("x", to: "one/two/profiles/a.yml") }
        try expectChange("gone") { try FileManager.default.removeItem(atPath: folder.file("one")) }
        try expectChange("there again") { try folder.write("", to: "one/two/profiles/a.yml") }
        try expectChange("written again") { try folder.write("x", to: "one/two/profiles/a.yml") }
        try expectChange("the other one") { try folder.write("", to: "other/a.yml") }
        watch.stop()
    }

    @Test func followsLinks() throws {
        let files = FileManager.default
        func link(_ name: String, to target: String) throws {
            try files.createSymbolicLink(atPath: folder.file(name), withDestinationPath: target)
        }
        try folder.write("old", to: "kept/a.yml")
        try folder.write("", to: "profiles/other.yml")
        try link("profiles/a.yml", to: folder.file("kept/a.yml"))
        try link("profiles/b.yml", to: "../on/the/way.link")
        try link("profiles/mask.yml", to: "/dev/null")
        try link("profiles/loop.yml", to: "loop.yml")
        let watch = try watch("profiles")
        try expectChange("written") { try folder.write("new", to: "kept/a.yml") }
        try expectChange("replaced") {
            try folder.write("newer", to: "kept/a.yml.new")
            rename(folder.file("kept/a.yml.new"), folder.file("kept/a.yml"))
        }
        try expectChange("removed") { try files.removeItem(atPath: folder.file("kept/a.yml")) }
        try expectChange("there again") { try folder.write("", to: "kept/a.yml") }
        try expectChange("a link on the way") {
            try files.createDirectory(atPath: folder.file("on/the"), withIntermediateDirectories: true)
            try link("on/the/way.link", to: "end.yml")
        }
        try expectChange("the end of the way") { try folder.write("", to: "on/the/end.yml") }
        try expectChange("the link itself") { try files.removeItem(atPath: folder.file("profiles/a.yml")) }

        // What no link leads to any more is nobody's business, nor are its neighbours, nor is who writes to /dev/null.
        var before = -1
        while changes.value != before {
            before = changes.value
            usleep(300_000)
        }
        try folder.write("", to: "kept/a.yml")
        try folder.write("", to: "on/the/neighbour.yml")
        try FileHandle(forWritingTo: URL(fileURLWithPath: "/dev/null")).close()
        usleep(300_000)
        #expect(changes.value == before)
        watch.stop()
    }

    @Test func tellsOnceOfManyChanges() throws {
        let watch = try ProfileWatch([ProfileDirectory(folder.path)], calm: .milliseconds(700)) { [changes] in
            changes.add()
        }
        for number in 0..<50 { try folder.write("", to: "\(number).yml") }
        try wait(for: "the change") { changes.value > 0 }
        usleep(100_000)
        #expect(changes.value < 10)
        watch.stop()
    }

    @Test func aServerFollowsItsProfiles() throws {
        let tor = try FakeTor(at: .unix(path: folder.file("tor")))
        let running = try RunningServer(in: folder) { $0.watchesProfiles = true }
        let client = try running.open()
        #expect(try client.ask("GETINFO address") == "510 Command filtered\r\n")
        try folder.write("- {name: tester, sockets: [app], commands: {GETINFO: [address]}}", to: "profiles/tester.yml")
        try wait(for: "the profile to be read") { running.log.lines.contains { $0.contains("profiles reloaded") } }
        #expect(try client.ask("GETINFO address") == "250-address=here\r\n")
        withExtendedLifetime(tor) {}
    }
}
