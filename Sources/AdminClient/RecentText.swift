import Glibc
import JSONText
import Profiles

/// What people are shown of commands that were denied and clients that were refused lately.
enum RecentText {
    /// - Parameter denials: from the daemon's answer to `status`.
    static func denials(_ denials: JSONValue?) -> String {
        let denials = denials?.elements ?? []
        guard !denials.isEmpty else { return "" }
        var table = Table(["LAST", "COUNT", "PROFILE", "DENIED COMMAND"])
        for denial in denials {
            table.add([
                Clock.text(denial["last"]?.integer ?? 0), "\(denial["count"]?.integer ?? 0)",
                denial["profile"]?.text ?? "?", denial["command"]?.text ?? "",
            ])
        }
        return "\n" + table.text
    }

    /// - Parameter refusals: from the daemon's answer to `status`.
    static func refusals(_ refusals: JSONValue?) -> String {
        let refusals = refusals?.elements ?? []
        guard !refusals.isEmpty else { return "" }
        var text = "\nRefused clients:\n"
        for refusal in refusals {
            let count = refusal["count"]?.integer ?? 1
            text +=
                "\(Clock.text(refusal["last"]?.integer ?? 0))\(count > 1 ? ", \(count) times" : "")  \(client(refusal))\n"
            text += "    \(printable(refusal["why"]?.text ?? "", limit: 2000))\n"
        }
        return text
    }

    /// Who a refused client is, in one line.
    static func client(_ refusal: JSONValue) -> String {
        var parts = [String]()
        let label = refusal["label"]?.text.flatMap { $0 == "unconfined" ? nil : $0 }
        if let name = label ?? refusal["program"]?.text { parts.append(name) }
        if let pid = refusal["pid"]?.integer { parts.append("pid \(pid)") }
        if let user = refusal["user"]?.text ?? refusal["uid"]?.integer.map(String.init) { parts.append("user \(user)") }
        for key in ["unit", "flatpak", "socket", "from"] {
            if let value = refusal[key]?.text { parts.append("\(key) \(value)") }
        }
        return printable(parts.isEmpty ? "an unknown client" : parts.joined(separator: ", "))
    }
}

/// The time of the day, where the user is.
enum Clock {
    /// - Parameter seconds: since 1970.
    static func text(_ seconds: Int) -> String {
        var time = time_t(seconds)
        var parts = tm()
        localtime_r(&time, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}
