/// Hazards that tell what other programs do, or let a client meddle with it.
extension HazardCatalogue {
    private static let stream =
        "650 STREAM 7 NEW 0 secret.example:443 SOURCE_ADDR=192.0.2.99:5000 PURPOSE=USER"

    static let others = [
        Hazard(
            id: "streams", severity: .high, title: "learns what other programs connect to",
            explanation: "Streams and looked-up names are the list of what everybody on this machine visits.",
            advice:
                "leave it out, or suppress the event; a browser that shows its own circuits: 'tor-browser-mode: true'",
            ways: [
                info(
                    "stream-status", samples: ["stream-status"],
                    leaks: Hazard.Leak(text: "7 SUCCEEDED 12 secret.example:443", secret: "secret.example")),
                info(
                    "address-mappings/.*", samples: ["address-mappings/all"],
                    leaks: Hazard.Leak(text: "secret.example 203.0.113.80 NEVER", secret: "secret.example")),
                event("STREAM", stream, secret: "secret.example"),
                event("ADDRMAP", "650 ADDRMAP secret.example 203.0.113.80 NEVER", secret: "secret.example"),
                event("STREAM_BW", "650 STREAM_BW 7 4711 815 2026-01-01T00:00:00.000000", secret: "4711"),
            ]),
        Hazard(
            id: "circuits", severity: .high, title: "learns the circuits of other programs",
            explanation: "They tell guards, exits and onion services that others use, and when.",
            advice: "answer it ('answer:'), suppress the event, or 'tor-browser-mode: true'",
            ways: [
                info(
                    "circuit-status", samples: ["circuit-status"],
                    leaks: Hazard.Leak(
                        text:
                            "12 BUILT $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria BUILD_FLAGS=NEED_CAPACITY PURPOSE=GENERAL",
                        secret: "9695DFC3"))
            ]
                + ["CIRC", "CIRC_MINOR"].map {
                    event(
                        $0,
                        "650 \($0) 12 BUILT $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria PURPOSE=GENERAL",
                        secret: "9695DFC3")
                } + [
                    event("CIRC_BW", "650 CIRC_BW ID=12 READ=4711 WRITTEN=815", secret: "4711"),
                    event("CELL_STATS", "650 CELL_STATS ID=12 OutboundQueue=4711", secret: "4711"),
                ]),
        Hazard(
            id: "visited-services", severity: .high, title: "learns which onion services other programs visit",
            explanation: "Descriptors in tor's cache, and the events of their coming and going, name the services.",
            advice: "suppress the event, or let rewrites keep the client's own uploads and end with '.*' and ''",
            ways: [
                event(
                    "HS_DESC",
                    "650 HS_DESC REQUESTED bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad NO_AUTH $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria abc",
                    secret: "bbbbbbbb"),
                event(
                    "HS_DESC_CONTENT",
                    "650+HS_DESC_CONTENT bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad abc $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria\nhs-descriptor 3\n.\n650 OK",
                    secret: "bbbbbbbb"),
            ]),
        Hazard(
            id: "descriptor-cache", severity: .low, title: "finds out whether somebody visited a given onion service",
            explanation: "Tor has a service's descriptor in its cache if some program asked for it.",
            advice: "leave it out",
            ways: [
                info(
                    "hs/client/desc/id/.*|hs/service/desc/id/.*",
                    samples: ["hs/client/desc/id/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad"],
                    leaks: Hazard.Leak(text: "hs-descriptor 3", secret: "hs-descriptor"))
            ]),
        Hazard(
            id: "detached-services", severity: .medium, title: "learns the detached onion services of others",
            explanation: "Whoever knows the address of a detached service can also delete it.",
            advice: "'onions/current' names the client's own services alone",
            ways: [
                info(
                    "onions/detached", samples: ["onions/detached"],
                    leaks: Hazard.Leak(
                        text: "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad", secret: "bbbbbbbb"))
            ]),
        Hazard(
            id: "redirect", severity: .critical, title: "leads other programs' connections elsewhere",
            explanation: "A redirected or attached stream goes where the client wants, through relays of its choice.",
            advice: "leave it out",
            ways: [
                Hazard.Way(
                    command: "REDIRECTSTREAM", pattern: ".*", samples: ["7 192.0.2.66", "7 192.0.2.66 80"]),
                Hazard.Way(command: "ATTACHSTREAM", pattern: ".*", samples: ["7 12", "7 0"]),
                Hazard.Way(
                    command: "MAPADDRESS", pattern: ".*",
                    samples: ["bank.example=evil.example", "0.0.0.0=torproject.org"]),
            ]),
        Hazard(
            id: "paths", severity: .high, title: "chooses the relays of circuits",
            explanation: "Who chooses the relays can choose its own: guard, middle and exit.",
            advice: "leave it out",
            ways: [
                Hazard.Way(
                    command: "EXTENDCIRCUIT", pattern: ".*",
                    samples: ["0", "0 $9695DFC35FFEB861329B9F1AB04C46397020CE31"]),
                Hazard.Way(command: "SETCIRCUITPURPOSE", pattern: ".*", samples: ["12 purpose=general"]),
                Hazard.Way(command: "DROPGUARDS", pattern: ".*", samples: [""]),
                Hazard.Way(command: "SETROUTERPURPOSE", pattern: ".*", samples: ["moria general"]),
                Hazard.Way(command: "POSTDESCRIPTOR", pattern: ".*", samples: ["purpose=general", ""]),
            ]),
        Hazard(
            id: "close", severity: .medium, title: "closes streams and circuits of other programs",
            explanation: "Nothing tells a client's own circuits from those of others.",
            advice: "leave it out",
            ways: [
                Hazard.Way(command: "CLOSECIRCUIT", pattern: ".*", samples: ["12"]),
                Hazard.Way(command: "CLOSESTREAM", pattern: ".*", samples: ["7 1"]),
            ]),
        Hazard(
            id: "identities", severity: .note, title: "gives all programs new circuits, or empties tor's caches",
            explanation: "'New identity' is for everybody who uses this tor: it costs them time and links moments.",
            advice: "fine for a browser; others hardly need it",
            ways: [
                Hazard.Way(
                    command: "SIGNAL", pattern: "(?i:NEWNYM|CLEARDNSCACHE)", samples: ["NEWNYM", "CLEARDNSCACHE"]),
                Hazard.Way(command: "DROPTIMEOUTS", pattern: ".*", samples: [""]),
            ]),
        Hazard(
            id: "lookups", severity: .low, title: "looks up names through tor's control port",
            explanation: "The names go through circuits that other programs' traffic shares, without stream isolation.",
            advice: "look names up through the SOCKS port",
            ways: [
                Hazard.Way(command: "RESOLVE", pattern: ".*", samples: ["torproject.org", "mode=reverse 192.0.2.1"])
            ]),
    ]
}
