import ArgumentParser
import GraterCheck

/// Who the report is for, which every subcommand is told in the same way.
struct ReportOptions: ParsableArguments {
    @Option(help: "Print text, or JSON for programs.")
    var format = ReportFormat.text
}

extension ReportFormat: ExpressibleByArgument {}
