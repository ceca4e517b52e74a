import JSONText
import Profiles

/// The text of `onion-grater status` and `sessions`.
enum StatusText {
    /// - Parameter status: the daemon's answer to `status`.
    static func status(_ status: JSONValue) -> String {
        var text =
            "onion-grater, pid \(number(status["pid"])), has run for \(Figures.duration(status["uptime"]?.integer ?? 0))\n"
        let addresses = (status["listening"]?.elements ?? []).compactMap(\.text).map { printable($0) }
        text += "listening on \(addresses.joined(separator: ", "))\n"
        text += "tor: \(tor(status["tor"]))\n"
        let sessions = status["sessions"]?.elements ?? []
        text += "sessions: \(sessions.count) of at most \(number(status["session-limit"]))"
        text += ", \(number(status["session-total"])) since the start\(refused(status["refused"]))\n\n"

        var profiles = Table(["PROFILE", "SESSIONS", "ALLOWED", "REWRITTEN", "DENIED", "FROM"])
        for profile in status["profiles"]?.elements ?? [] {
            let name = profile["name"]?.text ?? ""
            let complains = profile["mode"]?.text == "complain"
            let isAtRisk = profile["lost-at-restart"]?.boolean == true
            profiles.add([
                name + (complains ? complaint(profile["complains-for"]?.integer) : "")
                    + (isAtRisk ? " (until a restart)" : ""),
                number(profile["sessions"]), allowed(profile["traffic"]),
                number(profile["traffic"]?["rewritten"]), denied(profile["traffic"]), profile["at"]?.text ?? "",
            ])
        }
        text += (status["profiles"]?.elements ?? []).isEmpty ? "No profiles are loaded.\n" : profiles.text
        for problem in status["problems"]?.elements ?? [] { text += "\(printable(problem.text ?? ""))\n" }
        text += overrides(status["overrides"]?.elements ?? [])
        if !sessions.isEmpty { text += "\n" + self.sessions(sessions) }
        return text + RecentText.denials(status["last-denials"]) + RecentText.refusals(status["last-refusals"])
    }

    static func complaint(_ seconds: Int?) -> String {
        seconds.map { " (complain for \($0) s)" } ?? " (complain)"
    }

    /// As systemd-delta(1) shows them: the word, the file that is not, or not as it is, in force, and the one that is.
    private static func overrides(_ overrides: [JSONValue]) -> String {
        guard !overrides.isEmpty else { return "" }
        let lines = overrides.map { file in
            let kind = file["kind"]?.text ?? ""
            let files = "\(printable(file["file"]?.text ?? "")) → \(printable(file["by"]?.text ?? ""))"
            let isOutdated = file["outdated"]?.boolean == true
            return "[\(printable(kind).uppercased())] \(files)"
                + (isOutdated ? " (the first was reinstalled since: compare with 'grater-check diff')" : "") + "\n"
        }
        return "\n" + lines.joined()
    }

    /// - Parameter sessions: the elements of the daemon's answer to `sessions`.
    static func sessions(_ sessions: [JSONValue]) -> String {
        guard !sessions.isEmpty else { return "There are no sessions.\n" }
        var table = Table([
            "SESSION", "PROFILE", "CLIENT", "PID", "USER", "AGE", "ALLOWED", "REWRITTEN", "DENIED", "SENT", "RECEIVED",
        ])
        for session in sessions {
            let traffic = session["traffic"]
            table.add([
                number(session["session"]), profile(session), client(session), number(session["pid"]),
                session["user"]?.text ?? number(session["uid"]), Figures.duration(session["age"]?.integer ?? 0),
                allowed(traffic), number(traffic?["rewritten"]), denied(traffic),
                Figures.bytes(traffic?["bytes-from-client"]?.integer ?? 0),
                Figures.bytes(traffic?["bytes-to-client"]?.integer ?? 0),
            ])
        }
        return table.text
    }

    private static func tor(_ tor: JSONValue?) -> String {
        switch tor?["state"]?.text {
        case "reached": "reached, version \(printable(tor?["version"]?.text ?? "unknown"))"
        case "unavailable": "cannot be reached: \(printable(tor?["reason"]?.text ?? ""))"
        default: "not asked yet"
        }
    }

    static func refused(_ refused: JSONValue?) -> String {
        let words = [
            ("unmatched", "without a profile"), ("ambiguous", "with several profiles"),
            ("unidentified", "of uncertain identity"), ("quota", "over their quota"),
        ]
        let parts = words.compactMap { key, words in
            let count = refused?[key]?.integer ?? 0
            return count > 0 ? "\(count) \(words)" : nil
        }
        return parts.isEmpty ? "" : "; refused: \(parts.joined(separator: ", "))"
    }

    /// The profile that a session is judged by, and whether that only complains.
    static func profile(_ session: JSONValue) -> String {
        (session["profile"]?.text ?? "-") + (session["mode"]?.text == "complain" ? complaint(nil) : "")
    }

    /// The label, or the program of an unconfined process, or where a remote client is.
    static func client(_ session: JSONValue) -> String {
        if let label = session["label"]?.text, label != "unconfined" { return label }
        return session["program"]?.text ?? session["from"]?.text ?? "-"
    }

    /// What was let through as it is, or answered in tor's place.
    private static func allowed(_ traffic: JSONValue?) -> String {
        "\((traffic?["allowed"]?.integer ?? 0) + (traffic?["answered"]?.integer ?? 0))"
    }

    /// What the profile does not list, let through in complain mode or not.
    private static func denied(_ traffic: JSONValue?) -> String {
        let tolerated = traffic?["tolerated"]?.integer ?? 0
        let denied = traffic?["denied"]?.integer ?? 0
        return tolerated > 0 ? "\(denied) (+\(tolerated) let through)" : "\(denied)"
    }

    private static func number(_ value: JSONValue?) -> String { value?.integer.map(String.init) ?? "-" }
}
