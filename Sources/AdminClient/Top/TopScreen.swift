import JSONText
import Profiles
import ServiceInterface

/// The screen of `top`, made from two samples: lines that fit the terminal, whatever its size and whatever the daemon says.
struct TopScreen {
    let columns: Int
    let rows: Int
    var order = TopOrder.commands
    /// How many sessions are above the first that is shown.
    var offset = 0
    /// Why the daemon does not answer now, if it does not.
    var failure: String?
    var showsHelp = false

    private static let help = [
        "q        quit", "c        sort by commands per second", "d        sort by denied commands",
        "b        sort by bytes received per second", "a        sort by age", "↑ ↓ j k  scroll through the sessions",
        "space    refresh now", "h ?      show or hide this help", "",
        "CMD/S, DENIED/S, SENT/S, RECV/S: commands and bytes per second, since the last refresh.",
        "DENIED: since the session began, or the daemon started.",
    ]
    private static let footer = "q quit   sort by: c commands  d denied  b bytes  a age   ↑↓ scroll   h help"

    /// - Parameters:
    ///   - sample: the latest one; nil before the first.
    ///   - earlier: the one before it.
    /// - Returns: `rows` lines of at most `columns` characters.
    func lines(_ sample: TopSample?, since earlier: TopSample?) -> [String] {
        guard rows > 0 else { return [] }
        var body = [String]()
        if let failure { body.append(printable("Not connected: \(failure). Trying again.", limit: 500)) }
        if showsHelp {
            body += [""] + Self.help
        } else if let sample {
            body += shown(sample, since: earlier ?? sample, in: rows - 1 - body.count)
        }
        let filled = body.prefix(rows - 1) + Array(repeating: "", count: max(rows - 1 - body.count, 0))
        return (filled + [Self.footer]).map { String($0.prefix(columns)) }
    }

    private func shown(_ sample: TopSample, since earlier: TopSample, in room: Int) -> [String] {
        let heading = heading(sample, since: earlier)
        let denials = tableLines(RecentText.denials(sample.status["last-denials"]))
        let profiles = profiles(sample, since: earlier)
        // Sessions get what the others leave; of these, profiles and denials have a quarter each at most.
        let share = max(room / 4, 3)
        var sections = [heading, [""] + Array(profiles.prefix(share))]
        let shownDenials = denials.isEmpty ? [] : [""] + denials.prefix(share)
        let left = room - sections.joined().count - shownDenials.count - 1
        sections.append([""] + Array(sessions(sample, since: earlier, in: left).prefix(max(left, 0))))
        let used = sections.joined().count
        if !shownDenials.isEmpty {
            sections.append(Array(repeating: "", count: max(room - used - shownDenials.count, 0)) + shownDenials)
        }
        return Array(sections.joined())
    }

    private func heading(_ sample: TopSample, since earlier: TopSample) -> [String] {
        let status = sample.status
        var total = TrafficRates()
        for (name, counters) in sample.profiles {
            total += TrafficRates(
                from: earlier.profiles[name] ?? TrafficCounters(), to: counters, in: sample.time - earlier.time)
        }
        let uptime = Figures.duration(status["uptime"]?.integer ?? 0)
        let tor =
            switch status["tor"]?["state"]?.text {
            case "reached": "tor \(status["tor"]?["version"]?.text ?? "reached")"
            case "unavailable": "tor cannot be reached: \(status["tor"]?["reason"]?.text ?? "")"
            default: "tor not asked yet"
            }
        let sessions = status["sessions"]?.elements?.count ?? 0
        var lines = [
            "onion-grater, up \(uptime); \(printable(tor))",
            "sessions: \(sessions) of at most \(status["session-limit"]?.integer ?? 0)"
                + StatusText.refused(status["refused"]),
            "per second: \(Figures.rate(total.commands)) commands, \(Figures.rate(total.denied)) denied, "
                + "\(Figures.bytes(total.bytesSent)) sent, \(Figures.bytes(total.bytesReceived)) received",
        ]
        let problems = status["problems"]?.elements?.count ?? 0
        if problems > 0 { lines.append("profiles with problems: \(problems) (\"onion-grater status\" shows them)") }
        return lines
    }

    private func profiles(_ sample: TopSample, since earlier: TopSample) -> [String] {
        let seconds = sample.time - earlier.time
        let rows = (sample.status["profiles"]?.elements ?? []).map { profile in
            let name = profile["name"]?.text ?? ""
            let counters = sample.profiles[name] ?? TrafficCounters()
            let rates = TrafficRates(from: earlier.profiles[name] ?? TrafficCounters(), to: counters, in: seconds)
            let complains = profile["mode"]?.text == "complain"
            return (
                rates, profile["sessions"]?.integer ?? 0, counters,
                [
                    name + (complains ? StatusText.complaint(profile["complains-for"]?.integer) : ""),
                    "\(profile["sessions"]?.integer ?? 0)", Figures.rate(rates.commands),
                    Figures.rate(rates.denied), "\(counters.denied)",
                ]
            )
        }
        guard !rows.isEmpty else { return ["No profiles are loaded."] }
        let busiest = rows.sorted { ($0.0.commands, $0.1, $0.2.denied) > ($1.0.commands, $1.1, $1.2.denied) }
        var table = Table(["PROFILE", "SESSIONS", "CMD/S", "DENIED/S", "DENIED"])
        for row in busiest { table.add(row.3) }
        return tableLines(table.text)
    }

    private func sessions(_ sample: TopSample, since earlier: TopSample, in room: Int) -> [String] {
        let rows = (sample.status["sessions"]?.elements ?? []).map { session in
            let number = session["session"]?.integer ?? 0
            let counters = sample.sessions[number] ?? TrafficCounters()
            let rates = TrafficRates(
                from: earlier.sessions[number] ?? TrafficCounters(), to: counters, in: sample.time - earlier.time)
            let age = session["age"]?.integer ?? 0
            let key =
                switch order {
                case .commands: rates.commands
                case .denied: Double(counters.denied)
                case .bytes: rates.bytesReceived
                case .age: Double(age)
                }
            return (
                key, number,
                [
                    "\(number)", StatusText.profile(session), Figures.duration(age), Figures.rate(rates.commands),
                    "\(counters.denied)", Figures.bytes(rates.bytesSent), Figures.bytes(rates.bytesReceived),
                    session["pid"]?.integer.map(String.init) ?? "-", program(session),
                ]
            )
        }
        guard !rows.isEmpty else { return ["There are no sessions."] }
        let sorted = rows.sorted { ($0.0, $1.1) > ($1.0, $0.1) }
        let first = min(offset, max(sorted.count - max(room - 1, 1), 0))
        let headings = ["SESSION", "PROFILE", "AGE", "CMD/S", "DENIED", "SENT/S", "RECV/S", "PID", "CLIENT"]
        var table = Table(headings.map { $0 == order.heading ? "\($0)▾" : $0 })
        for row in sorted.dropFirst(first) { table.add(row.2) }
        var lines = tableLines(table.text)
        if lines.count > room, room > 1 {
            let hidden = lines.count - room + 1
            lines = lines.prefix(room - 1) + ["… \(hidden) more"]
        }
        return lines
    }

    /// Who the client is, in few characters: of a program's path, its name.
    private func program(_ session: JSONValue) -> String {
        let client = StatusText.client(session)
        return client.split(separator: "/").last.map(String.init) ?? client
    }

    private func tableLines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }
}
