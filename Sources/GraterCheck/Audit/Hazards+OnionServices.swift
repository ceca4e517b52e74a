/// Hazards of onion services.
extension HazardCatalogue {
    /// A host of the machine that the client runs on, `Auditor.remoteClient` included.
    private static let ownHost = #"(?:127\.0\.0\.1|localhost|\[::1\]|\[::\]|0\.0\.0\.0|198\.51\.100\.77)"#
    /// A host in a form that tor takes.
    private static let anyHost = #"(?:[a-z0-9.-]*[a-z.-][a-z0-9.-]*|\[[0-9a-f:.]+\])"#
    /// A word of ADD_ONION in a form that tor takes. (A socket's path that is not absolute is never forwarded.)
    private static let word =
        #"(?:Port=[0-9]+(?:,(?:[0-9]+|unix:/\S*|"# + anyHost + #"(?::[0-9]+)?))?|(?:[a-oq-z]|PoW)[^ =]*=\S*)"#
    /// The keys that tor really takes, in the place of any text.
    private static let key = "(?:NEW:(?:BEST|ED25519-V3)|ED25519-V3:[A-Za-z0-9+/]{86}==)"

    /// Onion services that have `word` among their words.
    private static func service(
        with word: String, harmless: String? = nil, samples: [String], isOfOthersListeners: Bool = false
    ) -> Hazard.Way {
        let words = "(?: +\(Self.word))* +\(word)(?: +\(Self.word))* *"
        return Hazard.Way(
            command: "ADD_ONION", pattern: "(?i:[^ :]+:\\S+\(words))", preferred: "(?i:\(key)\(words))",
            harmless: harmless, samples: samples, isOfOthersListeners: isOfOthersListeners)
    }

    /// Services that lead to nothing but ports of this machine.
    private static let ownPorts =
        #"\S+(?: +(?:(?i:Port)=[0-9]+(?:,(?:[0-9]+|"# + ownHost + #"(?::[0-9]+)?))?|(?:[A-OQ-Za-oq-z]|PoW)\S*))* *"#

    static let onionServices = [
        Hazard(
            id: "control-service", severity: .critical, title: "puts the control port on the network",
            explanation:
                "An onion service that leads to tor's control port, or to this filter's, opens it to the world.",
            advice: "nothing: the filter refuses it whatever a profile says",
            ways: [
                Hazard.Way(
                    command: "ADD_ONION", pattern: #"(?i:.* Port=[0-9]+,(?:127\.0\.0\.1:)?(?:9051|951)(?: .*)?)"#,
                    samples: ["NEW:BEST Port=80,127.0.0.1:9051", "NEW:ED25519-V3 Port=80,951"],
                    isNeverForwarded: true)
            ]),
        Hazard(
            id: "foreign-target", severity: .high,
            title: "makes onion services that lead to other machines or to sockets",
            explanation:
                "The service makes anything public that tor can reach: a router, a database, a desktop's socket.",
            advice:
                "put {client-address} and a fixed port into the 'replacement'; match ports by [0-9]+: \\S+ lets a target in, too",
            ways: [
                service(
                    with: "Port=[0-9]+,\(anyHost)(?::[0-9]+)?", harmless: ownPorts,
                    samples: [
                        "NEW:BEST Port=80,192.168.1.1:80", "NEW:ED25519-V3 Port=80,192.168.1.1:80",
                        "NEW:ED25519-V3 Port=9999,192.168.1.1:9999",
                    ]),
                service(
                    with: #"Port=[0-9]+,unix:/\S*"#, harmless: ownPorts,
                    samples: ["NEW:BEST Port=80,unix:/run/user/1000/bus", "NEW:BEST Port=80,unix:/tmp/own,80"],
                    isOfOthersListeners: true),
            ]),
        Hazard(
            id: "any-port", severity: .medium, title: "makes onion services that lead to any port of the machine",
            explanation: "The witness publishes port 22, where ssh listens; a file server or a database is as near.",
            advice: "'own-listeners: true', or hold the port fast in the pattern: 'Port=80,8080'",
            ways: [
                service(
                    with: "Port=(?:22|[0-9]+,(?:" + ownHost + ":)?22)",
                    samples: [
                        "NEW:BEST Port=22", "NEW:ED25519-V3 Port=80,22", "NEW:ED25519-V3 Port=9999,127.0.0.1:22",
                    ],
                    isOfOthersListeners: true)
            ]),
        Hazard(
            id: "non-anonymous", severity: .critical, title: "makes onion services without anonymity",
            explanation: "A single-hop service shows where it is.",
            advice: "list the flags that are needed: '( Flags=DiscardPK)?'",
            ways: [
                service(
                    with: #"Flags=(?:\S*,)?NonAnonymous(?:,\S*)?"#,
                    samples: ["NEW:ED25519-V3 Flags=NonAnonymous Port=80,8080"])
            ]),
        Hazard(
            id: "detached", severity: .medium, title: "makes onion services that outlive the client",
            explanation: "A detached service goes on when the program is gone, and any other client may delete it.",
            advice: "leave 'Detach' out of the flags",
            ways: [
                service(
                    with: #"Flags=(?:\S*,)?Detach(?:,\S*)?"#, samples: ["NEW:ED25519-V3 Flags=Detach Port=80,8080"],
                    isOfOthersListeners: true)
            ]),
        Hazard(
            id: "delete-services", severity: .note, title: "deletes detached onion services of others",
            explanation: "Tor lets any client delete a detached service whose address it knows.",
            advice: "'only-own-onions: true'; harmless unless 'onions/detached' tells the addresses",
            ways: [
                Hazard.Way(
                    command: "DEL_ONION", pattern: "[a-z2-7]{56}",
                    samples: ["bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad"], isOfOthersServices: true)
            ]),
        Hazard(
            id: "loose-delete", severity: .low, title: "says more in DEL_ONION than the name of one service",
            explanation: "Tor refuses it today; what a later tor reads into it nobody has thought about.",
            advice: "'[a-z2-7]{56}'",
            ways: [
                Hazard.Way(
                    command: "DEL_ONION", pattern: ".*", harmless: "[a-z2-7]{16}|[a-z2-7]{56}",
                    samples: ["a b", "secret"])
            ]),
        Hazard(
            id: "fetch-from-chosen", severity: .medium,
            title: "has tor fetch descriptors from relays of the client's choice",
            explanation:
                "A relay that the client chooses learns which service is wanted, and sees circuits come when the client wishes.",
            advice: "'[a-z2-7]{56}', without SERVER=",
            ways: [
                Hazard.Way(
                    command: "HSFETCH", pattern: ".*", harmless: "[a-z2-7]{56}",
                    samples: [
                        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad SERVER=$9695DFC35FFEB861329B9F1AB04C46397020CE31"
                    ])
            ]),
        Hazard(
            id: "upload", severity: .low, title: "uploads descriptors of onion services",
            explanation: "Tor publishes what the client gives it, to relays of the client's choice if it names some.",
            advice: "leave it out, unless the program balances onion services",
            ways: [
                Hazard.Way(
                    command: "HSPOST", pattern: ".*",
                    samples: ["HSADDRESS=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad"])
            ]),
        Hazard(
            id: "view-client-keys", severity: .high, title: "reads the private keys to onion services",
            explanation: "They open every private onion site that any program has the key to.",
            advice: "leave it out",
            ways: [
                Hazard.Way(
                    command: "ONION_CLIENT_AUTH_VIEW", pattern: ".*",
                    samples: ["", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad"],
                    leaks: [
                        Hazard.Leak(
                            text:
                                "250-ONION_CLIENT_AUTH_VIEW\n250-CLIENT bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad x25519:SECRET\n250 OK",
                            secret: "SECRET")
                    ])
            ]),
        Hazard(
            id: "keep-client-keys", severity: .medium, title: "has tor write keys to onion services to disk",
            explanation: "The list of private sites that somebody visits stays on disk, and serves all programs.",
            advice: "'[a-z2-7]{56} x25519:[A-Za-z0-9+/]{43}=', without Flags=Permanent",
            ways: [
                Hazard.Way(
                    command: "ONION_CLIENT_AUTH_ADD", pattern: "(?i:.* Flags=(?:[^ ]*,)?Permanent(?:,[^ ]*)?(?: .*)?)",
                    samples: [
                        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad x25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= Flags=Permanent"
                    ])
            ]),
        Hazard(
            id: "share-client-keys", severity: .note, title: "adds or removes keys to onion services, for all programs",
            explanation:
                "Whoever has the key can visit the site too; programs that share this tor can be linked by that.",
            advice: "needed to visit private onion sites; leave it out otherwise",
            ways: [
                Hazard.Way(
                    command: "ONION_CLIENT_AUTH_ADD", pattern: ".*",
                    samples: [
                        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad x25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
                    ]),
                Hazard.Way(
                    command: "ONION_CLIENT_AUTH_REMOVE", pattern: ".*",
                    samples: ["bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbad"]),
            ]),
    ]
}
