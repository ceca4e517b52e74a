import ArgumentParser
import Profiles

struct FilteringOptions: ParsableArguments {
    @Option(
        name: .customLong("profiles"),
        help: ArgumentHelp(
            "Read profiles from this folder; may be given several times, and later ones override.",
            discussion: "Replaces /usr/share/onion-grater/profiles.d and /etc/onion-grater.d.", valueName: "folder"))
    var folders: [String] = []

    @Option(
        name: .customLong("merged"),
        help: ArgumentHelp(
            "Read profiles from this folder too, and unite those in it that are for the same client; repeatable.",
            discussion: """
                As Whonix's onion-grater-merger does. Goes after the folders of --profiles, and like these replaces the usual \
                ones.
                """,
            valueName: "folder"))
    var mergedFolders: [String] = []

    @Flag(help: "Read the profiles anew when one of them changes, and not only on SIGHUP.")
    var watch = false

    @Flag(help: "Let everything through, and log what the profiles would have denied. Protects nobody.")
    var complain = false

    @Flag(
        help: ArgumentHelp(
            "Refuse applications whose AppArmor label the kernel did not record when they connected.",
            discussion: "Linux 6.17 and later record it, and Ubuntu's kernels."))
    var requirePeersec = false

    var directories: [ProfileDirectory] {
        let given = folders.map { ProfileDirectory($0) } + mergedFolders.map { ProfileDirectory($0, isMerged: true) }
        return given.isEmpty ? ProfileDirectory.standard : given
    }
}
