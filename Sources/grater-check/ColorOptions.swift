import ArgumentParser
import GraterCheck

/// The option for colors, shared by all subcommands that print text.
struct ColorOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Color text: auto (at a terminal, unless NO_COLOR is set), always or never.", valueName: "when"))
    var color = ColorChoice.auto

    /// What reports are written in.
    var style: Style { Style(color) }
}

extension ColorChoice: ExpressibleByArgument {}
