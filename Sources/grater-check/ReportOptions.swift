import ArgumentParser
import GraterCheck

/// The option for the format of reports, shared by all subcommands.
struct ReportOptions: ParsableArguments {
    @Option(help: "Print text, or JSON for programs.")
    var format = ReportFormat.text
}

extension ReportFormat: ExpressibleByArgument {}
