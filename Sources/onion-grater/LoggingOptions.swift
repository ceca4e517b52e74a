import ArgumentParser
import Logging

struct LoggingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How much to log.", valueName: "level"))
    var logLevel = Logger.Level.info

    @Flag(help: "The same as --log-level debug: every command, and what became of it.")
    var debug = false

    var level: Logger.Level { debug ? .debug : logLevel }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
