import AdminClient
import ArgumentParser
import ProxyServer

/// The options that check instead of starting the daemon.
struct CheckingOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "Check options, profiles, sockets and tor's address, and exit.",
            discussion:
                "Nothing changes. The exit status is 1 if the daemon, or a profile, would not work."
        ))
    var checkConfig = false

    @Flag(help: "Print the effective configuration, an option a line, and exit.")
    var showConfig = false

    func validate() throws {
        guard !checkConfig || !showConfig else { throw ValidationError("either --check-config or --show-config") }
    }

    /// Does what is asked for, and throws the status to end with; returns if nothing is.
    func run(_ configuration: Configuration, logLevel: LogLevel) throws(ExitCode) {
        if showConfig {
            StandardStream.output.write(Array(ConfigurationText.text(configuration, logLevel: logLevel).utf8))
            throw .success
        }
        guard checkConfig else { return }
        let check = ConfigurationCheck(configuration)
        let lines = check.lines + (check.hasErrors ? [] : ["the configuration is fine"])
        StandardStream.error.write(lines.flatMap { Array("onion-grater: \($0)\n".utf8) })
        throw check.hasErrors ? .failure : .success
    }
}
