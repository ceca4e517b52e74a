import ArgumentParser
import ProxyServer

struct LoggingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How to log.",
            discussion: """
                "text" and "json" go to standard error, one line for each record; "journal" goes to the systemd journal, with \
                fields such as GRATER_PROFILE. The default is "journal" where standard error leads there, and else "text".
                """,
            valueName: "format"))
    var logFormat: LogFormat?

    @Option(help: ArgumentHelp("How much to log.", valueName: "level"))
    var logLevel = LogLevel.info

    @Flag(help: "The same as --log-level debug: every command, and what became of it.")
    var debug = false

    var level: LogLevel { debug ? .debug : logLevel }

    var destination: LogDestination {
        get throws(ConfigurationError) { try LogDestination(logFormat) }
    }
}

extension LogFormat: ExpressibleByArgument {}
extension LogLevel: ExpressibleByArgument {}
