/// Hazards that tell who and where the user is.
extension HazardCatalogue {
    static let person = [
        Hazard(
            id: "address", severity: .critical, title: "learns the machine's own IP address",
            explanation: "The address says who and where the user is: all that tor is there to hide.",
            advice: "leave it out; what only wants to see tor's state can ask for 'status/circuit-established'",
            ways: [
                info(
                    "address(?:/v[46])?", samples: ["address", "address/v4", "address/v6"],
                    leaks: Hazard.Leak(text: "203.0.113.7", secret: "203.0.113.7")),
                info(
                    "status/fresh-relay-descs|status/reachability-succeeded.*", samples: ["status/fresh-relay-descs"],
                    leaks: Hazard.Leak(text: "router x 203.0.113.7 9001 0 0", secret: "203.0.113.7")),
                event(
                    "STATUS_SERVER",
                    "650 STATUS_SERVER NOTICE EXTERNAL_ADDRESS ADDRESS=203.0.113.7 METHOD=DIRSERV",
                    secret: "203.0.113.7"),
                event(
                    "STATUS_GENERAL",
                    "650 STATUS_GENERAL NOTICE CLOCK_SKEW SKEW=5000 SOURCE=OR:203.0.113.9:443", secret: "203.0.113.9"),
            ]),
        Hazard(
            id: "local-addresses", severity: .medium, title: "learns addresses of the local network",
            explanation:
                "The addresses of tor's listeners and proxies distinguish one machine or network from another.",
            advice: "answer it ('answer:'), or let a 'response' name 127.0.0.1 alone",
            ways: [
                info(
                    "net/listeners/.*", samples: ["net/listeners/socks", "net/listeners/control", "net/listeners/or"],
                    leaks: Hazard.Leak(text: "\"192.168.1.5:9050\"", secret: "192.168.1.5"),
                    Hazard.Leak(text: "\"127.0.0.1:9050\" \"192.168.1.5:9052\"", secret: "192.168.1.5"),
                    Hazard.Leak(text: "\"192.168.1.5:9052\" \"127.0.0.1:9050\"", secret: "192.168.1.5"))
            ]),
        Hazard(
            id: "guards", severity: .high, title: "learns the guards or bridges that this machine uses",
            explanation:
                "Guards stay the same for months, so they identify a returning user; a bridge may be the user's secret.",
            advice: "leave it out, or answer it ('answer:')",
            ways: [
                info(
                    "entry-guards|orconn-status|guards", samples: ["entry-guards", "orconn-status"],
                    leaks: Hazard.Leak(text: "$9695DFC35FFEB861329B9F1AB04C46397020CE31~moria up", secret: "9695DFC3")),
                event(
                    "GUARD", "650 GUARD ENTRY $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria GOOD", secret: "9695DFC3"),
                event(
                    "ORCONN", "650 ORCONN $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria CONNECTED ID=3",
                    secret: "9695DFC3"),
                event(
                    "TRANSPORT_LAUNCHED", "650 TRANSPORT_LAUNCHED client obfs4 127.0.0.1 34567", secret: "34567"),
                Hazard.Way(
                    command: "GETCONF", pattern: options(["Bridge", "EntryNodes"]), samples: ["Bridge", "EntryNodes"],
                    leaks: [Hazard.Leak(text: "obfs4 203.0.113.9:443 cert=abc", secret: "203.0.113.9")]),
            ]),
        Hazard(
            id: "bootstrap-warnings", severity: .medium,
            title: "learns from warnings at the start which relay or bridge cannot be reached",
            explanation: "A warning of the bootstrap phase names the address and fingerprint of a bridge or guard.",
            advice:
                "use a 'response' that keeps only the progress, as onion-service.yml does",
            ways: [
                info(
                    "status/bootstrap-phase", samples: ["status/bootstrap-phase"],
                    leaks: Hazard.Leak(
                        text:
                            "WARN BOOTSTRAP PROGRESS=10 TAG=conn_done SUMMARY=\"Connected to a relay\" WARNING=\"Connection refused\" REASON=CONNECTREFUSED COUNT=5 RECOMMENDATION=warn HOSTID=\"9695DFC35FFEB861329B9F1AB04C46397020CE31\" HOSTADDR=\"203.0.113.9:443\"",
                        secret: "203.0.113.9")),
                event(
                    "STATUS_CLIENT",
                    "650 STATUS_CLIENT WARN BOOTSTRAP PROGRESS=10 TAG=conn_done SUMMARY=\"Connected to a relay\" WARNING=\"Connection refused\" REASON=CONNECTREFUSED COUNT=5 RECOMMENDATION=warn HOSTID=\"9695DFC35FFEB861329B9F1AB04C46397020CE31\" HOSTADDR=\"203.0.113.9:443\"",
                    secret: "203.0.113.9"),
            ]),
        Hazard(
            id: "logs", severity: .high, title: "reads tor's log",
            explanation:
                "Tor's log names addresses, guards and bridges, and at its finer levels what every program visits.",
            advice: "suppress the event: {suppress: true}",
            ways: ["DEBUG", "INFO", "NOTICE", "WARN", "ERR", "PT_LOG", "PT_STATUS"].map {
                event($0, "650 \($0) Our IP address has changed to 203.0.113.7.", secret: "203.0.113.7")
            }),
        Hazard(
            id: "process", severity: .low, title: "learns facts about tor's process and traffic",
            explanation: "They distinguish one machine, and one moment of use, from another.",
            advice: "leave it out",
            ways: [
                info(
                    "process/.*|uptime|traffic/.*|accounting/.*|limits/.*|fingerprint|bw-event-cache",
                    samples: ["process/user", "traffic/read", "uptime", "fingerprint"],
                    leaks: Hazard.Leak(text: "4711", secret: "4711")),
                event("BW", "650 BW 4711 815", secret: "4711"),
            ]),
    ]
}
