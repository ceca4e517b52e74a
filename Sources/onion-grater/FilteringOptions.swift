import ArgumentParser
import Profiles

struct FilteringOptions: ParsableArguments {
    @Option(
        name: .customLong("profiles"),
        help: ArgumentHelp(
            "Read profiles from this folder; repeatable, later folders override.",
            discussion: "Replaces the standard folders.", valueName: "folder"))
    var folders: [String] = []

    @Option(
        name: .customLong("merged"),
        help: ArgumentHelp(
            "Read profiles from this folder, and merge those that match the same client; repeatable.",
            discussion: """
                As Whonix's onion-grater-merger does. These folders come after those of --profiles, and replace the standard ones \
                too.
                """,
            valueName: "folder"))
    var mergedFolders: [String] = []

    @Flag(help: "Reload when a profile changes, and not only on SIGHUP.")
    var watch = false

    @Flag(help: "Allow everything, and log what the profiles would have denied. Protects nobody.")
    var complain = false

    @Flag(
        help: ArgumentHelp(
            "Refuse clients whose AppArmor label the kernel did not record when they connected.",
            discussion: "Linux 6.17 and later, and Ubuntu's kernels, record it."))
    var requirePeersec = false

    var directories: [ProfileDirectory] {
        let given = folders.map { ProfileDirectory($0) } + mergedFolders.map { ProfileDirectory($0, isMerged: true) }
        return given.isEmpty ? ProfileDirectory.standard : given
    }
}
