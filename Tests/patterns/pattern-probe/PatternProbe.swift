import LinearPattern

/// Lets scripts outside of Swift see what LinearPattern does: `pattern-probe MODE …`, one mode for each script.
@main
struct PatternProbe {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst(2))
        switch CommandLine.arguments.dropFirst().first {
        case "pairs": Pairs.run()
        case "linear": Measure.linear(arguments)
        case "rules": Measure.rules(arguments)
        default: failUsage("pattern-probe pairs|linear|rules …")
        }
    }
}
