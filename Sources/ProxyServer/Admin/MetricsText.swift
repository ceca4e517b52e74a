import FilterEngine

/// Figures in Prometheus's text format, version 0.0.4.
struct MetricsText {
    private(set) var text = ""

    init(_ overview: ServerOverview) {
        gauge("onion_grater_uptime_seconds", "Seconds since the start.", overview.uptimeInSeconds)
        gauge("onion_grater_sessions", "Sessions that there are.", overview.sessions.count)
        gauge("onion_grater_session_limit", "Sessions that there may be.", overview.sessionLimit)
        counter(
            "onion_grater_sessions_total", "Connections that were accepted.",
            [([], Int(clamping: overview.sessionTotal))])
        counter(
            "onion_grater_refused_total", "Clients that got no session, by reason.",
            Monitor.Refusal.allCases.map { ([("reason", $0.rawValue)], overview.refusals[$0] ?? 0) })
        gauge("onion_grater_profiles", "Profiles that are loaded.", overview.profiles.count)
        gauge(
            "onion_grater_profile_errors", "Errors in profiles when they were last read.",
            overview.problems.count { $0.severity == .error })
        switch overview.tor {
        case .unknown: break
        case .reached: gauge(torUp: true)
        case .unavailable: gauge(torUp: false)
        }
        let traffic = overview.trafficByProfile.sorted { $0.key < $1.key }
        counter(
            "onion_grater_commands_total", "Commands, by profile and by what became of them.",
            traffic.flatMap { name, traffic in
                traffic.decisions.byVerdict.map { ([("profile", name), ("verdict", $0.key)], $0.value) }
            })
        counter(
            "onion_grater_bytes_total", "Bytes from clients and to clients, by profile.",
            traffic.flatMap { name, traffic in
                [
                    ([("profile", name), ("direction", "from-client")], traffic.bytesFromClient),
                    ([("profile", name), ("direction", "to-client")], traffic.bytesToClient),
                ]
            })
        counter(
            "onion_grater_log_lines_lost_total", "Log lines that were not written in time.",
            [([], overview.lostLogLines)])
    }

    private mutating func gauge(torUp isUp: Bool) {
        gauge("onion_grater_tor_up", "Whether tor could be reached when that was last tried.", isUp ? 1 : 0)
    }

    private mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        add(name, "gauge", help, [([], value)])
    }

    private mutating func counter(_ name: String, _ help: String, _ values: [([(String, String)], Int)]) {
        add(name, "counter", help, values)
    }

    private mutating func add(
        _ name: String, _ type: String, _ help: String, _ values: [([(String, String)], Int)]
    ) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for (labels, value) in values {
            let list = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
            text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(value)\n"
        }
    }

    private static func escaped(_ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
