import ControlProtocol

/// Answers to questions that applications ask as a matter of form: tor need not be asked, nothing is given away, and nothing
/// changes for others.
package struct DraftAnswer {
    /// The whole rule, as YAML.
    package let rule: String

    /// Nil where tor has to be asked.
    ///
    /// - Parameter item: a keyword of GETINFO or GETCONF, or `name=value` of SETCONF.
    package init?(to command: Keyword, _ item: String) {
        let known = Self.known.first { command == $0.command && $0.item == item.lowercased() }
        guard let known else { return nil }
        let lines = known.lines.map { "'\($0)'" }.joined(separator: ", ")
        rule = "{pattern: '\(known.pattern)', answer: [\(lines)]}"
    }

    /// `item` in lower case.
    private static let known: [(command: Keyword, item: String, pattern: String, lines: [String])] = [
        // Who owns this tor is no client's business, and it is not in single-hop mode if the daemon may use it.
        unset("__OwningControllerProcess"), unset("Bridge"), off("HiddenServiceSingleHopMode"),
        off("HiddenServiceNonAnonymousMode"), off("DisableNetwork"),
        // Programs switch the network on before they begin; to switch it off is not theirs.
        ("SETCONF", "disablenetwork=0", "DisableNetwork=[01]", ["250 OK"]),
        ("SETCONF", "disablenetwork=1", "DisableNetwork=[01]", ["250 OK"]),
        // Displays of circuits and streams, which would be all programs'.
        empty("circuit-status"), empty("stream-status"),
    ]

    private static func unset(_ option: String) -> (Keyword, String, String, [String]) {
        ("GETCONF", option.lowercased(), option, ["250 \(option)"])
    }

    private static func off(_ option: String) -> (Keyword, String, String, [String]) {
        ("GETCONF", option.lowercased(), option, ["250 \(option)=0"])
    }

    private static func empty(_ keyword: String) -> (Keyword, String, String, [String]) {
        ("GETINFO", keyword, keyword, ["250-\(keyword)=", "250 OK"])
    }
}
