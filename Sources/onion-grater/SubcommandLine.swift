import ArgumentParser
import Profiles
import ProxyServer

/// The words of a command line with a subcommand. The daemon's own options would be taken beside it and do nothing: one of
/// them is where the daemon is asked, and counts; the others are refused.
struct SubcommandLine {
    /// The daemon's option of where it is asked.
    private static let place = "--admin-socket"

    /// What to parse.
    let words: [String]

    /// Throws what is wrong, if no subcommand is called so, or it does not take an option.
    ///
    /// - Parameter words: of the command line, without the program's name.
    init(_ words: [String]) throws {
        let subcommands = OnionGrater.configuration.subcommands
        let names = subcommands.map { $0._commandName }
        var rest = [String]()
        var admin: String?
        var subcommand: ParsableCommand.Type?
        // What is behind '--' is for another program.
        let end = words.firstIndex(of: "--") ?? words.endIndex
        let foreign = words[end...]
        let words = Array(words[..<end])
        var iterator = words.makeIterator()
        while let word = iterator.next() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts[0] == Self.place, let value = parts.count == 2 ? parts[1] : iterator.next() {
                admin = value
            } else {
                if subcommand == nil { subcommand = subcommands.first { $0._commandName == word } }
                rest.append(word)
            }
        }
        guard let subcommand else {
            if let first = words.first, !first.hasPrefix("-"), first != "help" {
                let hint =
                    Spelling.suggestion(for: first, among: names) ?? "known: \(names.joined(separator: ", "))"
                throw ValidationError("There is no subcommand '\(first)' (\(hint)).")
            }
            self.words = words + foreign
            return
        }
        let taken = Self.options(of: subcommand).union(["--help", "--version"])
        for word in rest where word.hasPrefix("--") {
            let option = String(word.prefix { $0 != "=" })
            guard Self.options(of: OnionGrater.self).contains(option), !taken.contains(option) else { continue }
            throw ValidationError(
                "'\(option)' is an option of the daemon: '\(subcommand._commandName)' asks a daemon that runs already.")
        }
        guard let admin else {
            self.words = words + foreign
            return
        }
        guard admin != "none" else { throw ValidationError("\(Self.place) none: there is nobody to ask.") }
        self.words = rest + ["--socket", try AdminSocket(argument: admin).path] + foreign
    }

    /// The options that the help of a command tells of.
    private static func options(of command: ParsableCommand.Type) -> Set<String> {
        let help = OnionGrater.helpMessage(for: command, columns: 200)
        let words = help.split { " ,\n[]|=<>".contains($0) }
        return Set(words.filter { $0.hasPrefix("--") && $0.count > 2 }.map(String.init))
    }
}
