import ArgumentParser
import GraterCheck

struct TryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Try commands: show whether each is allowed, rewritten, answered or denied, by which rule, and why.",
        discussion: """
            Each command is tried as the first of a client. The exit status is 1 if one is denied.

              grater-check try app.yml 'GETINFO version' 'GETINFO address'
              grater-check try app.yml 'GETINFO version' \\
                --reply '250-version=0.4.9.11\\n250 OK'
              grater-check try app.yml - < commands.txt
            """
    )

    @Argument(
        help: "A profile, or a folder of profiles; '-' reads one from standard input.",
        completion: .file(extensions: ["yml"]))
    var profile: String

    @Argument(
        help: ArgumentHelp("A command of the client. '-' reads commands from standard input.", valueName: "command"))
    var commands: [String]

    @Option(help: "The filter to try, where the profile has several.")
    var filter: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Tor's reply to each command, to see what the client gets. Repeat the option for each line, or separate lines by \\n.",
            valueName: "lines"))
    var reply: [String] = []

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Choose the filter as the daemon would for this client: label=, exe=, user=, uid=, group=, gid=, unit=, flatpak=, socket= or host=, separated by commas.",
            valueName: "client"))
    var client: String?

    @OptionGroup var report: ReportOptions

    @Option(help: "What {client-address} stands for (127.0.0.1 if not given).")
    var clientAddress: String?

    @Option(help: "What {client-port} stands for.")
    var clientPort: String?

    @Option(help: "What {server-address} stands for (127.0.0.1 if not given).")
    var serverAddress: String?

    @Option(help: "What {server-port} stands for.")
    var serverPort: String?

    @Option(
        help: ArgumentHelp(
            "Where the application listens: PORT, ADDRESS:PORT or unix:PATH. For profiles with 'own-listeners'; repeatable.",
            valueName: "target"))
    var listens: [String] = []

    @OptionGroup var colors: ColorOptions

    func validate() throws {
        guard profile != "-" || !commands.contains("-") else {
            throw ValidationError("standard input is the profile or the commands, not both")
        }
    }

    func run() throws {
        var trial = Trial(
            profile: profile, filter: filter, commands: try commands.flatMap(lines), reply: try replyBytes(),
            settings: try settings())
        trial.format = report.format
        if let client {
            guard filter == nil else { throw ValidationError("--as chooses the filter: leave --filter out") }
            do {
                trial.client = try ClientArgument.parse(client)
            } catch {
                throw ValidationError("--as: \(error.message)")
            }
        }
        try trial.run(style: colors.style).finish()
    }

    private func lines(_ command: String) throws -> [[UInt8]] {
        command == "-" ? Trial.commands(in: try StandardInput.read()) : [Array(command.utf8)]
    }

    private func replyBytes() throws -> [UInt8]? {
        guard !reply.isEmpty else { return nil }
        do {
            return try Trial.reply(reply)
        } catch {
            throw ValidationError("--reply: \(error.message)")
        }
    }

    private func settings() throws -> SessionSettings {
        var settings = SessionSettings()
        let given: [(SessionSettings.Key, String?)] = [
            (.clientAddress, clientAddress), (.clientPort, clientPort), (.serverAddress, serverAddress),
            (.serverPort, serverPort),
        ]
        for case (let key, let value?) in given {
            do {
                try settings.set(key, to: value)
            } catch {
                throw ValidationError("--\(key.rawValue): \(error.message)")
            }
        }
        for target in listens {
            do {
                try settings.set(.listener, to: target)
            } catch {
                throw ValidationError("--listens: \(error.message)")
            }
        }
        return settings
    }
}
