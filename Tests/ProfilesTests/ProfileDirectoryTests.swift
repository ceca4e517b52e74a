import Foundation
import Profiles
import TestSupport
import Testing

@Suite struct ProfileDirectoryTests {
    private let folder: TemporaryFolder
    private let vendor: String
    private let admin: String

    init() throws {
        folder = try TemporaryFolder()
        vendor = try folder.makeFolder("vendor")
        admin = try folder.makeFolder("admin")
    }

    private func load() -> LoadedProfiles {
        ProfileDirectory.load([ProfileDirectory(vendor), ProfileDirectory(admin)])
    }

    private func filter(_ name: String) -> String { "- {name: \(name), sockets: [x]}\n" }

    @Test func filesAreReadInTheOrderOfTheirNames() throws {
        try folder.write(filter("c"), to: "vendor/30.yml")
        try folder.write(filter("a"), to: "admin/10.yml")
        try folder.write(filter("b1") + filter("b2"), to: "vendor/20.yml")
        #expect(load().profiles.map(\.name) == ["a", "b1", "b2", "c"])
        #expect(load().diagnostics.isEmpty)
    }

    @Test func laterFoldersOverride() throws {
        try folder.write(filter("vendor"), to: "vendor/app.yml")
        try folder.write(filter("admin"), to: "admin/app.yml")
        #expect(load().profiles.map(\.name) == ["admin"])
    }

    @Test func aLinkToDevNullMasks() throws {
        try folder.write(filter("vendor"), to: "vendor/app.yml")
        try folder.link("admin/app.yml", to: "/dev/null")
        #expect(load().profiles.isEmpty)
        #expect(load().diagnostics.isEmpty)
    }

    @Test func aBrokenFileStillReplacesAndOthersStillLoad() throws {
        try folder.write(filter("vendor"), to: "vendor/app.yml")
        try folder.write(filter("other"), to: "vendor/other.yml")
        try folder.write("- sockets: x\n", to: "admin/app.yml")
        let loaded = load()
        #expect(loaded.profiles.map(\.name) == ["other"])
        #expect(loaded.diagnostics.map(\.severity) == [.error])
        #expect(loaded.diagnostics.first?.location == SourceLocation(file: "\(admin)/app.yml", line: 1, column: 12))
    }

    @Test func whatIsNoProfileIsLeftAlone() throws {
        try folder.write(filter("one"), to: "vendor/one.yml")
        for name in ["README", ".hidden.yml", "app.yml~", "app.yml.dpkg-old", "yml"] {
            try folder.write("nonsense: [", to: "vendor/\(name)")
        }
        #expect(load().profiles.map(\.name) == ["one"])
        #expect(load().diagnostics.isEmpty)
        try folder.write(filter("two"), to: "vendor/two.yaml")
        #expect(load().diagnostics.map(\.severity) == [.warning])
    }

    @Test func nothingThatLiesAboutHarmsTheRest() throws {
        try folder.write(filter("good"), to: "vendor/good.yml")
        try folder.link("vendor/linked.yml", to: try folder.write(filter("linked"), to: "elsewhere"))
        _ = try folder.makeFolder("vendor/directory.yml")
        try folder.link("vendor/dangling.yml", to: "nowhere")
        try folder.link("vendor/loop.yml", to: "loop.yml")
        try folder.link("vendor/device.yml", to: "/dev/zero")
        #expect(mkfifo("\(vendor)/fifo.yml", 0o600) == 0)
        try folder.write(String(repeating: "#", count: ProfileFile.maximumSize + 1), to: "vendor/large.yml")
        try folder.write(String(repeating: "#", count: ProfileFile.maximumSize), to: "vendor/long.yml")
        let loaded = load()
        #expect(loaded.profiles.map(\.name) == ["good", "linked"])
        #expect(
            loaded.diagnostics.map(\.description) == [
                "\(vendor)/dangling.yml: error: cannot be opened: No such file or directory (it is a link)",
                "\(vendor)/device.yml: error: is not a regular file",
                "\(vendor)/directory.yml: error: is a directory, not a file",
                "\(vendor)/fifo.yml: error: is not a regular file",
                "\(vendor)/large.yml: error: is larger than 1048576 bytes",
                "\(vendor)/long.yml: warning: there is no filter in it"
                    + " (to mask a profile of the same name, link its name to /dev/null)",
                "\(vendor)/loop.yml: error: cannot be opened: Too many levels of symbolic links (it is a link)",
            ])
    }

    @Test func absentFoldersAreNothingUnlessTheyWereAskedFor() throws {
        let absent = "\(folder.path)/absent"
        #expect(ProfileDirectory.load([ProfileDirectory(absent, isRequired: false)]).diagnostics.isEmpty)
        #expect(
            ProfileDirectory.load([ProfileDirectory(absent)]).diagnostics.map(\.description)
                == ["\(absent): error: this folder cannot be read: No such file or directory"])
        let file = try folder.write("", to: "file")
        #expect(ProfileDirectory.load([ProfileDirectory(file, isRequired: false)]).hasErrors)
    }

    /// It may mask or narrow what is in earlier folders, and cannot touch what is in later ones.
    @Test func aFolderThatCannotBeReadLeavesOutWhatItMayReplace() throws {
        let profile = "- {name: NAME, sockets: ['NAME'], commands: {GETINFO: ['version']}}\n"
        for name in ["early", "late"] {
            try folder.write(profile.replacing("NAME", with: name), to: "\(name)/\(name).yml")
        }
        let file = try folder.write("", to: "no-folder")
        let loaded = ProfileDirectory.load(
            [folder.file("early"), file, folder.file("late")].map { ProfileDirectory($0, isRequired: false) })
        #expect(loaded.profiles.map(\.name) == ["late"])
        #expect(
            loaded.diagnostics.map(\.description) == [
                "\(file): error: this folder cannot be read: Not a directory",
                "\(folder.file("early"))/early.yml: error: is left out: the folder \(file), which may change it, cannot be read",
            ])
    }

    @Test func aFileOfSeveralNamesIsReadOnce() throws {
        let file = try folder.write(filter("one"), to: "vendor/one.yml")
        try folder.link("admin/40_one.yml", to: file)
        let loaded = load()
        #expect(loaded.profiles.map(\.location.file) == [file])
        #expect(
            loaded.diagnostics.map(\.description) == [
                "\(admin)/40_one.yml: note: is the same file as \(file), which is read already"
            ])
        // In the place of a file of its own name it counts.
        try folder.link("admin/one.yml", to: file)
        #expect(load().profiles.map(\.location.file) == ["\(admin)/40_one.yml"])
    }

    @Test func mergedFoldersMarkTheirProfiles() throws {
        try folder.write(filter("own"), to: "vendor/own.yml")
        try folder.write(filter("merged"), to: "admin/merged.yml")
        let loaded = ProfileDirectory.load([ProfileDirectory(vendor), ProfileDirectory(admin, isMerged: true)])
        #expect(loaded.profiles.map(\.isMerged) == [true, false])
    }

    @Test func tellsWhatLinksLeadTo() throws {
        let kept = try folder.write(filter("kept"), to: "kept.yml")
        try folder.write(filter("own"), to: "admin/own.yml")
        try folder.link("admin/1.yml", to: kept)
        try folder.link("admin/2.yml", to: "step")
        try folder.link("admin/step", to: "../nowhere/end.yml")
        try folder.link("admin/3.yml", to: "/dev/null")
        try folder.link("admin/4.yml", to: vendor)
        try folder.link("admin/loop.yml", to: "loop.yml")
        try folder.link("admin/README", to: kept)
        let all: Set = [kept, "\(admin)/step", "\(admin)/../nowhere/end.yml", "\(admin)/loop.yml"]
        #expect(ProfileDirectory(admin).linkedFiles(limit: 100) == all)
        #expect(ProfileDirectory(admin + "/").linkedFiles(limit: 1) == [kept])
        #expect(ProfileDirectory(folder.path + "/none").linkedFiles(limit: 100).isEmpty)
    }

    @Test func filtersOfOneNameAreReported() throws {
        try folder.write(filter("same"), to: "vendor/a.yml")
        try folder.write(filter("same"), to: "vendor/b.yml")
        let loaded = load()
        #expect(loaded.profiles.count == 2)
        #expect(loaded.diagnostics.map(\.location.file) == ["\(vendor)/b.yml"])
    }

    @Test func aThousandProfilesAreLoadedAndChosenFrom() throws {
        for number in 0..<1000 {
            try folder.write(
                "- {apparmor-profiles: ['/usr/bin/app\(number)'], users: ['*'], commands: {GETINFO: ['version']}}\n",
                to: "vendor/app\(number).yml")
        }
        let table = PolicyTable(load().profiles)
        #expect(table.profiles.count == 1000)
        let client = ClientDescription(origin: .local(socket: nil), label: .confined("/usr/bin/app998"))
        guard case .policy(let policy) = table.choose(for: client) else {
            Issue.record("not found")
            return
        }
        #expect(policy.name == "app998")
    }

    /// Profiles of others, where there are some: GRATER_CORPUS names a folder, and every file in it must load.
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["GRATER_CORPUS"] != nil, "GRATER_CORPUS names no folder of profiles"
        ))
    func profilesInTheWildLoad() throws {
        let corpus = try #require(ProcessInfo.processInfo.environment["GRATER_CORPUS"])
        let loaded = ProfileDirectory.load([ProfileDirectory(corpus)])
        let errors = loaded.diagnostics.filter { $0.severity == .error }.map(\.description)
        #expect(errors == [])
        #expect(!loaded.profiles.isEmpty)
    }
}
