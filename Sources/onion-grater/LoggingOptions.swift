import ArgumentParser
import ProxyServer

struct LoggingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The format of the log.",
            discussion: """
                "text" and "json" go to standard error, one line for each record; "journal" goes to the systemd journal, with \
                fields such as GRATER_PROFILE. The default is "journal" if standard error is the journal, and "text" otherwise.
                """,
            valueName: "format"))
    var logFormat: LogFormat?

    @Option(help: ArgumentHelp("The lowest level to log.", valueName: "level"))
    var logLevel = LogLevel.info

    @Flag(help: "Log every command: the same as --log-level debug.")
    var debug = false

    var level: LogLevel { debug ? .debug : logLevel }

    var destination: LogDestination {
        get throws(ConfigurationError) { try LogDestination(logFormat) }
    }
}

extension LogFormat: ExpressibleByArgument {}
extension LogLevel: ExpressibleByArgument {}
