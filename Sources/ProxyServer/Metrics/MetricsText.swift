import FilterEngine
import Glibc
import Profiles
import ServiceInterface

/// The metrics in Prometheus's text format, version 0.0.4.
struct MetricsText {
    private(set) var text = ""

    init(_ overview: ServerOverview) {
        add("onion_grater_build_info", "gauge", "The version that runs.", [([("version", Release.version)], 1)])
        gauge("onion_grater_uptime_seconds", "Seconds since the start.", overview.uptimeInSeconds)
        gauge("onion_grater_sessions", "Open sessions.", overview.sessions.count)
        gauge("onion_grater_session_limit", "The limit of sessions.", overview.sessionLimit)
        counter(
            "onion_grater_sessions_total", "Accepted connections.", [([], Int(clamping: overview.sessionTotal))])
        counter(
            "onion_grater_refused_total", "Refused clients, by reason.",
            Monitor.Refusal.allCases.map { ([("reason", $0.rawValue)], overview.refusals[$0] ?? 0) })
        gauge("onion_grater_profiles", "Loaded profiles.", overview.profiles.count)
        gauge(
            "onion_grater_profiles_complaining", "Loaded profiles in complain mode, which protect nobody.",
            overview.profiles.count { $0.policy.mode == .complain })
        gauge(
            "onion_grater_profile_errors", "Errors in profiles when they were last read.",
            overview.problems.count { $0.severity == .error })
        gauge(
            "onion_grater_last_reload_timestamp_seconds", "When the profiles were last read, in seconds since 1970.",
            overview.lastLoad.time)
        gauge(
            "onion_grater_last_reload_success", "Whether the profiles that were last read are in force.",
            overview.lastLoad.wasTaken ? 1 : 0)
        if let count = Self.openDescriptors { gauge("onion_grater_open_fds", "Open file descriptors.", count) }
        switch overview.tor {
        case .unknown: break
        case .reached: gauge(torUp: true)
        case .unavailable: gauge(torUp: false)
        }
        // Series of all profiles from the start: a counter that appears with its first denial has no increase to alert on.
        let idle = Dictionary(overview.profiles.map { ($0.name, Traffic()) }) { first, _ in first }
        let traffic = overview.trafficByProfile.merging(idle) { used, _ in used }.sorted { $0.key < $1.key }
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
        histogram(
            "onion_grater_first_reply_seconds", "Time from a client's connection to the first reply to it.",
            overview.firstReply)
        histogram(
            "onion_grater_tor_reply_seconds", "How long tor said nothing while it owed a reply.", overview.torReply)
        counter(
            "onion_grater_log_lines_lost_total", "Log lines that were not written in time.",
            [([], overview.lostLogLines)])
    }

    private static var openDescriptors: Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without the folder's own, '.' and '..'.
        return count - 3
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

    private mutating func histogram(_ name: String, _ help: String, _ figures: DurationHistogram.Figures) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
        for (bound, count) in zip(DurationHistogram.bounds, figures.upToBound) {
            text += "\(name)_bucket{le=\"\(Self.seconds(bound))\"} \(count)\n"
        }
        text += "\(name)_bucket{le=\"+Inf\"} \(figures.count)\n"
        text += "\(name)_sum \(Self.seconds(figures.microseconds))\n\(name)_count \(figures.count)\n"
    }

    private static func seconds(_ microseconds: Int) -> String { "\(Double(microseconds) / 1_000_000)" }

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
