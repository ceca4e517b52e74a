import LinearPattern

/// Lets scripts outside of Swift see what LinearPattern does: `pattern-probe MODE …`, one mode for each script.
@main
struct PatternProbe {
    static func main() {
        switch CommandLine.arguments.dropFirst().first {
        case "pairs": Pairs.run()
        default: failUsage("pattern-probe pairs")
        }
    }
}
