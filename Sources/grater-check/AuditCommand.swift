import ArgumentParser
import GraterCheck

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Show what profiles give away, each with an example, and what they provably do not.",
        discussion:
            "/usr/share/doc/onion-grater/audit.md describes each hazard. The exit status is 1 if one of the denied level can be reached."
    )

    @Argument(
        help: "Profiles, or folders of profiles; '-' reads one from standard input.",
        completion: .file(extensions: ["yml"]))
    var paths: [String] = []

    @Flag(help: "Audit the folders that the daemon reads.")
    var installed = false

    @Option(help: "The lowest severity that counts as a finding: note, low, medium, high or critical.")
    var deny = HazardSeverity.medium

    @Option(help: "Print text, JSON, workflow commands for GitHub, SARIF, TAP, or JUnit's XML.")
    var format = FindingFormat.text

    @Flag(help: "Print one HTML page that stands by itself, for browsers and printers.")
    var html = false

    @OptionGroup var colors: ColorOptions

    func validate() throws {
        guard installed != !paths.isEmpty else { throw ValidationError("either --installed or paths") }
        guard !html || format == .text else { throw ValidationError("either --html or --format") }
    }

    func run() throws {
        try Audit(paths: paths, denied: deny, format: format, isPage: html).run(style: colors.style).finish()
    }
}

extension HazardSeverity: ExpressibleByArgument {}
