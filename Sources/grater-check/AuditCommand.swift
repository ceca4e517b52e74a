import ArgumentParser
import GraterCheck

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Says what profiles give away, each with an example that gets through, and what they provably do not.",
        discussion:
            "docs/audit.md describes each hazard. The exit status is 1 if one of the denied level can be reached."
    )

    @Argument(help: "Profiles, or folders of profiles.", completion: .file(extensions: ["yml"]))
    var paths: [String]

    @Option(help: "From which level on a hazard is a finding: note, low, medium, high or critical.")
    var deny = HazardSeverity.medium

    @OptionGroup var report: ReportOptions

    func run() throws {
        try Audit(paths: paths, denied: deny, format: report.format).run(style: .standardOutput).finish()
    }
}

extension HazardSeverity: ExpressibleByArgument {}
