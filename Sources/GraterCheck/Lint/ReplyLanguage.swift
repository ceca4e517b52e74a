import ControlProtocol
import LinearPattern
import Profiles

/// The lines that tor can say in reply to a command, as far as they depend on it.
enum ReplyLanguage {
    private static let failure = "[45][0-9]{2}[ +-].*"

    /// Nil where anything may come.
    static func of(_ command: Keyword, _ rule: Rule) -> Pattern? {
        switch command {
        case "GETINFO", "GETCONF":
            let flag = command == "GETCONF" ? "i" : ""
            let isPlain = if case .forward = rule.action { !rule.pattern.source.contains(" ") } else { false }
            let key = isPlain ? rule.pattern.source : "[^=]*"
            let end = command == "GETCONF" ? "(?:=.*)?" : "=.*"
            return (try? Pattern("250[ +-](?\(flag):\(key))\(end)|250 OK|\(failure)"))
                ?? (try? Pattern("250[ +-][^=]*(?:=.*)?|\(failure)"))
        case "ADD_ONION":
            return try? Pattern("250[ +-](?:ServiceID|PrivateKey|ClientAuth|ClientAuthV3)=.*|250 OK|\(failure)")
        case "SETCONF", "RESETCONF", "DEL_ONION", "HSFETCH", "SAVECONF", "SIGNAL", "CLOSECIRCUIT", "CLOSESTREAM":
            return try? Pattern("25[01] [^=]*|\(failure)")
        default: return nil
        }
    }

    /// The same in words, as advice.
    static func description(of command: Keyword) -> String {
        switch command {
        case "GETINFO", "GETCONF": "a line of the reply is '250-KEYWORD=VALUE', with a keyword that the rule matches"
        case "ADD_ONION":
            "the reply is '250-ServiceID=…', maybe '250-PrivateKey=…' and '250-ClientAuthV3=…', and '250 OK'"
        default: "the reply to \(command) is '250 OK', or an error: there is nothing in it to rewrite"
        }
    }

    static let event = try? Pattern("650[ +-].*")

    /// Whether a pattern may be about something else than a whole line with its status code.
    static func matchesBareValues(_ pattern: Pattern) -> Bool {
        guard let line = try? Pattern("[0-9]{3}[ +-].*") else { return true }
        return LanguageSearch(required: [pattern], excluded: [line]).run() != .none
    }

    /// Whether nothing but `=` follows the name in all that a pattern matches.
    static func matchesOnlyEmptyValues(_ pattern: Pattern) -> Bool {
        guard let empty = try? Pattern("[0-9]{3}[ +-][^=]*=*") else { return false }
        return LanguageSearch(required: [pattern], excluded: [empty]).run() == .none
    }
}
