import JSONText
import Profiles

/// What `onion-grater denials` prints: what was denied, to whom, how often and when.
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
                    denial["command"]?.text ?? "",
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
        return printable(denial["user"]?.text.map { "\(program), user \($0)" } ?? program)
    }
}
