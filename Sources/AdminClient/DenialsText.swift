import JSONText
import Profiles

/// The text of `onion-grater denials`: each denied command with its client, count and times.
enum DenialsText {
    /// - Parameter answer: the daemon's, to `denials`.
    static func text(_ answer: JSONValue) -> String {
        let denials = answer["denials"]?.elements ?? []
        var text = ""
        if denials.isEmpty {
            text = "Nothing was denied.\n"
        } else {
            var table = Table(["FIRST", "LAST", "COUNT", "PROFILE", "CLIENT", "DENIED COMMAND"])
            for denial in denials {
                table.add([
                    Clock.text(denial["first"]?.integer ?? 0), Clock.text(denial["last"]?.integer ?? 0),
                    "\(denial["count"]?.integer ?? 0)", denial["profile"]?.text ?? "?", client(denial),
                    command(denial),
                ])
            }
            text = table.text
        }
        if let displaced = answer["displaced"]?.integer, displaced > 0 {
            text += "\(displaced) older kinds of denials were dropped to make room.\n"
        }
        return text
    }

    private static func client(_ denial: JSONValue) -> String {
        let program = denial["program"]?.text ?? "?"
        let user = denial["user"]?.text.map { ", user \($0)" } ?? ""
        return printable(program + user + (denial["unit"]?.text.map { ", unit \($0)" } ?? ""))
    }

    /// The command, and what became of it if it was not denied.
    static func command(_ denial: JSONValue) -> String {
        let command = denial["command"]?.text ?? ""
        switch denial["verdict"]?.text {
        case "tolerated": return command + "  (let through)"
        case "withdrawn": return command + "  (withdrawn)"
        default: return command
        }
    }
}
