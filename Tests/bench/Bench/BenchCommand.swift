import ArgumentParser
import BenchSupport
import Glibc

@main
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures what onion-grater costs between a client and tor.",
        discussion: """
            Clients talk to an instant stand-in for tor, and to Debian's tor where it is installed: directly, through a \
            relay on epoll in C, through a relay on Dispatch that does nothing but carry bytes, and through the daemon. \
            All are measured in turn, round after round; the table gives the medians, and the medians of the quotients. \
            Quotients can be compared between machines, figures cannot.
            """)

    @Option(help: "How often each route is measured.")
    var rounds = 5

    @Option(help: "Seconds that one sample takes.")
    var sample = 0.15

    @Option(help: ArgumentHelp("Write the figures of every round to this file.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Draw the quotients as an SVG.", valueName: "file"))
    var picture: String?

    @Option(help: ArgumentHelp("Measure only rows with this in their name.", valueName: "text"))
    var only = ""

    func validate() throws {
        guard (1...100).contains(rounds), (0.01...10).contains(sample) else {
            throw ValidationError("1 to 100 rounds, of 0.01 to 10 seconds each")
        }
    }

    func run() throws {
        signal(SIGPIPE, SIG_IGN)
        raiseDescriptorLimit()
        var suite = try Suite(rounds: rounds, sample: sample, only: only)
        let start = Clock.now
        try suite.run { stage in
            let text = Array("measuring: \(stage)\n".utf8)
            _ = write(STDERR_FILENO, text, text.count)
        }
        print(Table.text(suite.groups))
        print("\(rounds) rounds, \(Number.text(Clock.seconds(since: start), digits: 0)) seconds")
        if let json { try TextFile.write(JSON.text(suite.groups), to: json) }
        if let picture { try TextFile.write(Picture.text(suite.groups), to: picture) }
    }
}
