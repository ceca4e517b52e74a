/// Hazards to tor's process and to its control connection.
extension HazardCatalogue {
    static let control = [
        Hazard(
            id: "stop", severity: .medium, title: "stops tor, or puts it to sleep",
            explanation: "All programs lose their connections.",
            advice: "list the signals that are needed: 'NEWNYM'",
            ways: [
                Hazard.Way(
                    command: "SIGNAL", pattern: "(?i:SHUTDOWN|HALT|TERM|INT|DORMANT)",
                    samples: ["SHUTDOWN", "HALT", "TERM", "INT", "DORMANT"])
            ]),
        Hazard(
            id: "signals", severity: .low, title: "reloads tor, has it log more, or wakes it up",
            explanation: "A reload drops what was set at run time; a debug log on disk tells everything.",
            advice: "list the signals that are needed: 'NEWNYM'",
            ways: [
                Hazard.Way(
                    command: "SIGNAL", pattern: "(?i:RELOAD|HUP|DUMP|DEBUG|USR1|USR2|ACTIVE)",
                    samples: ["RELOAD", "HUP", "DUMP", "DEBUG", "USR1", "USR2", "ACTIVE"])
            ]),
        Hazard(
            id: "authentication", severity: .critical, title: "authenticates with tor itself, or takes it over",
            explanation: "The secrets that open tor's control port are no client's business.",
            advice: "nothing: onion-grater answers these commands itself, and tor never sees them",
            ways: ["AUTHCHALLENGE", "AUTHENTICATE", "TAKEOWNERSHIP", "DROPOWNERSHIP", "PROTOCOLINFO"].map {
                Hazard.Way(
                    command: $0, pattern: ".*",
                    samples: $0 == "AUTHCHALLENGE" ? ["SAFECOOKIE " + String(repeating: "00", count: 32)] : [""],
                    isNeverForwarded: true)
            }),
    ]
}
