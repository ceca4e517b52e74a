import Foundation
import Profiles
import TestSupport
import Testing

/// What files in `NAME.yml.d` change, and that they never widen a profile by being broken.
@Suite struct DropInTests {
    private let folder: TemporaryFolder
    private let vendor: String
    private let admin: String

    init() throws {
        folder = try TemporaryFolder()
        vendor = try folder.makeFolder("vendor")
        admin = try folder.makeFolder("admin")
        try folder.write(
            """
            - name: app
              apparmor-profiles: ['app']
              users: ['*']
              commands: {GETINFO: ['version']}

            """, to: "vendor/app.yml")
    }

    private func load() -> LoadedProfiles {
        ProfileDirectory.load([ProfileDirectory(vendor), ProfileDirectory(admin)])
    }

    private func write(_ text: String, as path: String = "admin/app.yml.d/socket.yml") throws {
        _ = try folder.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        try folder.write(text, to: path)
    }

    private func qualifiers(of name: String = "app") throws -> Qualifiers {
        try #require(load().profiles.first { $0.name == name }).qualifiers
    }

    @Test func givenKeysReplaceAndEmptyOnesAreTakenAway() throws {
        try write("{sockets: ['chat'], apparmor-profiles: , users: ['alice']}\n")
        let loaded = load()
        #expect(loaded.diagnostics.isEmpty)
        var expected = Qualifiers()
        expected.sockets = [NameMatcher("chat")]
        expected.users = [try #require(AccountMatcher("alice"))]
        #expect(loaded.profiles.map(\.qualifiers) == [expected])
        #expect(loaded.profiles[0].policy.commands.count == 1)
        #expect(loaded.profiles[0].location.file == "\(vendor)/app.yml")
        let override = FileOverride(
            path: "\(vendor)/app.yml", replacement: "\(admin)/app.yml.d/socket.yml", kind: .extended)
        #expect(loaded.overrides == [override])
        #expect("\(override.diagnostic)".hasSuffix("note: has the clients that \(admin)/app.yml.d/socket.yml names"))
    }

    @Test func whatIsNotMentionedStays() throws {
        try write("users: ['alice']\n")
        #expect(try qualifiers().apparmorProfiles == [NameMatcher("app")])
    }

    @Test func theyAreAppliedInTheOrderOfTheirNamesFromAllFolders() throws {
        try write("users: ['first']\n", as: "admin/app.yml.d/10.yml")
        try write("users: ['second']\n", as: "vendor/app.yml.d/20.yml")
        #expect(try qualifiers().users?.map(\.description) == ["second"])
        try write("users: ['third']\n", as: "admin/app.yml.d/20.yml")
        #expect(try qualifiers().users?.map(\.description) == ["third"])
        try FileManager.default.removeItem(atPath: "\(admin)/app.yml.d/20.yml")
        try folder.link("admin/app.yml.d/20.yml", to: "/dev/null")
        #expect(try qualifiers().users?.map(\.description) == ["first"])
        #expect(load().overrides.map(\.kind) == [.masked, .extended])
    }

    @Test func aFullCopyHasThemToo() throws {
        try folder.write("- {name: copy, sockets: ['x']}\n", to: "admin/app.yml")
        try write("sockets: ['y']\n", as: "vendor/app.yml.d/y.yml")
        #expect(try qualifiers(of: "copy").sockets?.map(\.description) == ["y"])
    }

    @Test func oneFilterOfSeveralCanBeMeant() throws {
        try folder.write("- {name: one, sockets: ['x']}\n- {name: two, sockets: ['y']}\n", to: "vendor/app.yml")
        try write("- {name: two, sockets: ['z']}\n")
        #expect(load().profiles.map { $0.qualifiers.sockets?.map(\.description) } == [["x"], ["z"]])
        try write("sockets: ['w']\n")
        #expect(load().profiles.map { $0.qualifiers.sockets?.map(\.description) } == [["w"], ["w"]])
    }

    @Test(arguments: [
        (
            "commands: {GETINFO: ['.*']}",
            "1:1: error: a drop-in changes only who a profile is for, and 'commands' does not"
        ),
        ("socket: ['x']", "1:1: error: 'socket' is not a key of a drop-in (did you mean 'sockets'?)"),
        ("sockets: chat", "1:10: error: 'sockets' must be a list, not text (put it in brackets: [ ])"),
        ("- {name: ap, users: ['x']}", "1:3: error: the profile has no filter called 'ap' (did you mean 'app'?)"),
        ("text", "1:1: error: a drop-in must be a mapping of keys to values, not text"),
        ("users: [", "error: "),
    ])
    func aBrokenOneLeavesTheProfileOut(_ text: String, _ message: String) throws {
        try folder.write("- {name: other, sockets: ['x']}\n", to: "vendor/other.yml")
        try write(text + "\n")
        let loaded = load()
        #expect(loaded.profiles.map(\.name) == ["other"])
        let descriptions = loaded.diagnostics.map(\.description)
        let place = "\(admin)/app.yml.d/socket.yml"
        #expect(descriptions.contains { $0.hasPrefix("\(place):") && $0.contains(message) }, "\(descriptions)")
        #expect(
            descriptions.contains(
                "\(vendor)/app.yml: error: is left out: its drop-in \(place) cannot be used"))
    }

    @Test func oneThatCannotBeReadLeavesTheProfileOut() throws {
        _ = try folder.makeFolder("admin/app.yml.d")
        try folder.link("admin/app.yml.d/gone.yml", to: "nowhere")
        #expect(load().profiles.isEmpty)
        #expect(load().hasErrors)
    }

    @Test func aFolderThatIsNoneLeavesTheProfileOut() throws {
        try folder.write("users: ['alice']\n", to: "admin/app.yml.d")
        #expect(load().profiles.isEmpty)
        #expect(load().hasErrors)
    }

    @Test func whatChangesNothingIsReported() throws {
        try write("# nothing\n")
        try write("users: ['alice']\n", as: "admin/none.yml.d/users.yml")
        try write("users: ['alice']\n", as: "admin/app.yml.d/users.yaml")
        #expect(
            load().diagnostics.map(\.description) == [
                "\(admin)/app.yml.d/users.yaml: warning: is not read: its name does not end in '.yml' (rename it)",
                "\(admin)/none.yml.d/users.yml: warning: has no effect: there is no profile none.yml",
                "\(admin)/app.yml.d/socket.yml: warning: this drop-in changes nothing",
            ])
        #expect(load().profiles.count == 1)
    }

    @Test func oneForAnotherNameOfAFileIsReported() throws {
        try folder.link("admin/40_app.yml", to: "\(vendor)/app.yml")
        try write("users: ['alice']\n", as: "admin/40_app.yml.d/users.yml")
        #expect(
            load().diagnostics.map(\.description).contains(
                "\(admin)/40_app.yml.d/users.yml: warning: has no effect: there is no profile 40_app.yml"))
    }

    @Test func aFilterThatMatchesNobodyAfterwardsIsReportedThere() throws {
        try write("apparmor-profiles: ~\n")
        #expect(
            load().diagnostics.map(\.description) == [
                "\(admin)/app.yml.d/socket.yml: warning: this filter matches nobody: nothing in it names an application"
                    + " (add 'apparmor-profiles', 'units', 'flatpaks' or 'sockets', or 'hosts' for remote clients)"
            ])
    }

    @Test(arguments: [
        ("sockets: ['tcp:app']", true), ("sockets: ['app', 'tcp:app']\n  users: ['*']", true),
        ("sockets: ['tcp:app']\n  users: ['alice']", false), ("sockets: ['tcp:app']\n  groups: ['chat']", false),
        ("sockets: ['tcp:app']\n  units: ['app.service']", false), ("sockets: ['app']", false),
    ])
    func aPortThatAnybodyMayConnectToIsReported(_ lists: String, _ isOpen: Bool) throws {
        try folder.write("- name: app\n  \(lists)\n", to: "vendor/app.yml")
        #expect(load().diagnostics.map(\.code) == (isOpen ? [.openPort] : []))
    }

    @Test func aMaskedProfileStaysMasked() throws {
        try folder.link("admin/app.yml", to: "/dev/null")
        try write("sockets: ['chat']\n")
        #expect(load().profiles.isEmpty)
        #expect(load().diagnostics.isEmpty)
    }

    @Test func tellsThatAReplacedFileWasInstalledAnew() throws {
        try folder.write("- {name: copy, sockets: ['x']}\n", to: "admin/app.yml")
        #expect(load().overrides.map(\.kind) == [.replaced(isOutdated: false)])
        // The kernel tells times apart by its ticks.
        usleep(20_000)
        // A package manager puts another file in its place, which may have an old time of modification.
        try folder.write("- {name: app, sockets: ['x']}\n", to: "vendor/app.yml.new")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: "\(vendor)/app.yml.new")
        #expect(rename("\(vendor)/app.yml.new", "\(vendor)/app.yml") == 0)
        #expect(load().overrides.map(\.kind) == [.replaced(isOutdated: true)])
    }
}
