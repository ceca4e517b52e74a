import Glibc
import JSONText
import Profiles

/// The text about recently denied commands and refused clients.
enum RecentText {
    /// - Parameter denials: from the daemon's answer to `status`.
    static func denials(_ denials: JSONValue?) -> String {
        let denials = denials?.elements ?? []
        guard !denials.isEmpty else { return "" }
        var table = Table(["LAST", "COUNT", "PROFILE", "DENIED COMMAND"])
        for denial in denials {
            table.add([
                Clock.text(denial["last"]?.integer ?? 0), "\(denial["count"]?.integer ?? 0)",
                denial["profile"]?.text ?? "?", DenialsText.command(denial),
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

/// The time of the day, where the user is; with the date if that is another day.
enum Clock {
    /// - Parameters:
    ///   - seconds: since 1970.
    ///   - now: likewise.
    static func text(_ seconds: Int, now: Int = time(nil)) -> String {
        let (then, today) = (parts(seconds), parts(now))
        let clock = [then.tm_hour, then.tm_min, then.tm_sec].map(twoDigits).joined(separator: ":")
        guard then.tm_year != today.tm_year || then.tm_yday != today.tm_yday else { return clock }
        return "\(1900 + Int(then.tm_year))-\(twoDigits(then.tm_mon + 1))-\(twoDigits(then.tm_mday)) \(clock)"
    }

    private static func parts(_ seconds: Int) -> tm {
        var time = time_t(seconds)
        var parts = tm()
        localtime_r(&time, &parts)
        return parts
    }

    private static func twoDigits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
