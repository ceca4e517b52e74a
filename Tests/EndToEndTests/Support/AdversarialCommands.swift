import TestSupport

/// Commands that are nearly right, put together at random, the same ones for the same seed: what tor parses with care, what it
/// parses with none, and what it answers in a way of its own.
struct AdversarialCommands {
    private var random: SeededRandom

    init(seed: Int) {
        random = SeededRandom(seed: seed)
    }

    /// The bytes of one command, its end and its data included.
    mutating func next() -> [UInt8] {
        guard let (command, words) = Self.words.randomElement(using: &random) else { return [] }
        let count = [0, 1, 1, 1, 2, 2, 3, 5].randomElement(using: &random) ?? 1
        let chosen = (0..<count).compactMap { _ in words.randomElement(using: &random) }
        var line = Array(([command] + chosen).joined(separator: random.once(in: 5) ? "  " : " ").utf8)
        if random.once(in: 10) { line += Array("  ".utf8) }
        if random.once(in: 10) { line = line.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 } }
        if random.once(in: 6) { damage(&line) }
        line += random.once(in: 3) ? [10] : [13, 10]
        guard command.hasPrefix("+") else { return line }
        let body = Self.bodies.randomElement(using: &random) ?? ""
        return line + Array("\(body).\(random.once(in: 3) ? "\n" : "\r\n")".utf8)
    }

    /// Anywhere but at the beginning, which would make it another command.
    private mutating func damage(_ line: inout [UInt8]) {
        guard !line.isEmpty else { return }
        let oddities: [UInt8] = Array("\"\\'= ~{%,:$".utf8) + [0, 9, 11, 12, 13, 0x7F, 0xC3, 0xFF]
        let place = Int.random(in: 1...line.count, using: &random)
        line.insert(oddities.randomElement(using: &random) ?? 0, at: place)
    }

    /// What a profile that is to let them all through must list.
    static let names = words.map { String($0.key.drop { $0 == "+" }) }.filter { !$0.isEmpty && $0 != "SETEVENTS" }

    private static let service = "2vlkrdg6p2m5gvutd6q7m2hh2k7i53cestv5sa5fuhhqnpsoyldiz5id"
    private static let fingerprint = "$" + String(repeating: "A", count: 40)
    private static let clientKey = "x25519:YGgcMBbWg+5KMRNCL8KPPZ5c8jkBMEDyrQpNEHUkqmk="

    private static let settings = [
        "ContactInfo", "contactinfo", "Contact", "Nickname", "ExitNodes", "MaxCircuitDirtiness", "SocksPolicy",
        "TrackHostExits", "NoSuchOption", "HTTPSProxy", "HSLayer2Nodes", "DirServer", "NumCPUs", "+ContactInfo",
    ].flatMap { name in
        [
            "", "=", "=1", "=\"\"", "=\"a b\"", #"="a\"b""#, "=a'b", #"="\141\x41""#, #"=x"y"#, #"="open"#, "=a=b",
            "=a#b",
            #"="\n""#, #"="\0""#, #"="\400""#, #"="\q""#, #"="a"Nickname=b"#,
        ].map { name + $0 }
    }

    private static let bodies = [
        "", "x\r\n", "ContactInfo z\r\n", "..dot\r\n", ".dot\r\n", "a\nb\n", ". \r\n", "\r\n\r\n", "...\r\n",
        "GETINFO version\r\n", "a\rb\r\n",
    ]

    private static let words: KeyValuePairs<String, [String]> = [
        "GETINFO": [
            "version", "VERSION", "address", "info/names", "config/names", "config/defaults", "circuit-status",
            "events/names",
            "net/listeners/socks", "onions/current", "nonsense", "a=b", "version'", "ip-to-country/1.2.3.4", "md/all",
            "ns/all",
            "status/bootstrap-phase", "exit-policy/full", "dir/server/all", "hs/client/desc/id/\(service)",
            "features/names",
            "desc/name/\(fingerprint)=x", "",
        ],
        "GETCONF": [
            "ContactInfo", "contactinfo", "SocksPort", "HiddenServiceOptions", "HiddenServicePort", "Log", "ExitPolicy",
            "nonsense",
            "\"ContactInfo\"", "ContactInfo=", "__SocksPort", "+Log",
            "ORListenAddress", "Nickname",
        ],
        "SETCONF": settings, "RESETCONF": settings,
        "ADD_ONION": [
            "NEW:BEST", "NEW:ED25519-V3", "new:best", "NEW:RSA1024", "NEW:", "NEW", "Port=80", "Port=80,8080",
            "port=80,1.2.3.4:5",
            "Port=80,unix:/run/x", "Port=80,[::1]:5", "Port=80,::1", "Port=", "Port", "Port=80,", "Port=080,0081",
            "Port=+80",
            "Flags=Detach", "Flags=DiscardPK,V3Auth", "Flags=", "Flags=Detach,", "ClientAuth=bob", "MaxStreams=1",
            "ClientAuthV3=FGTORMIDKR7T2PR632HSHLUA4G6HF5TCWSGMHDUU4LWBEFTAVAZQ", "ClientAuthV3=x", "MaxStreams=x",
            "PoWDefensesEnabled=1", "PoWQueueRate=x", "foo=bar", "foo", "Port=\"80\"", "=", "Port=80=81",
            "Flags=NonAnonymous",
        ],
        "DEL_ONION": [service, "x", "\""],
        "SIGNAL": ["NEWNYM", "newnym", "CLEARDNSCACHE", "FOO", "\"NEWNYM\"", "NEWNYM=1"],
        "HSFETCH": [service, "x", "SERVER=\(fingerprint)", "SERVER=", "SERVER=\"x\"", "server=x", "foo=bar", "SERVER"],
        "+HSPOST": [
            "HSADDRESS=\(service)", "HSADDRESS=", "HSADDRESS", "hsaddress=\(service)", "SERVER=\(fingerprint)",
            "SERVER=\"a",
            "foo=bar", "HSADDRESS=\"x\"", "HSADDRESS='x'", "=",
        ],
        "+LOADCONF": ["x", "x=y"], "+POSTDESCRIPTOR": ["purpose=general", "purpose=x", "cache=no", "cache=x", "foo"],
        "+GETINFO": ["version"], "+FOO": [""], "+": ["x"], "HSPOST": ["x"], "LOADCONF": [""], "FOO": ["x"],
        "HELP": [""],
        "ONION_CLIENT_AUTH_ADD": [
            service, "x", clientKey, "x25519:", "foo:bar", "a:b:c", "Flags=x", "Flags=", "ClientName=bob",
            "ClientName=",
            "ClientName=\(String(repeating: "b", count: 17))", "ClientNameX=\(String(repeating: "b", count: 17))",
            "foo=bar", "=",
        ],
        "ONION_CLIENT_AUTH_REMOVE": [service, "x", "a=b"], "ONION_CLIENT_AUTH_VIEW": [service, "x", "a=b", ""],
        "MAPADDRESS": [
            "a.com=b.com", "1.2.3.4=foo", "*.a.com=*.b.com", "a.com=", "=b.com", "a.com", "a=b=c", "a=\"b\"", "a=b'c",
            "A.com=B.com",
            "a.com=!!", "a=b",
        ],
        "RESOLVE": ["a.com", "mode=reverse", "1.2.3.4", "x=y", "\"", "a.exit", "="],
        "EXTENDCIRCUIT": [
            "0", "1", "a,b", fingerprint, "\(fingerprint)=foo", "purpose=x", "purpose=general", ",", "PURPOSE",
        ],
        "CLOSECIRCUIT": ["1", "x", "IfUnused", "99999999999999", "-1"], "CLOSESTREAM": ["1", "x", "999"],
        "ATTACHSTREAM": ["1", "0", "x", "HOP=1", "HOP"], "REDIRECTSTREAM": ["1", "x", "80"],
        "SETCIRCUITPURPOSE": ["1", "x", "purpose=general", "foo"], "SETROUTERPURPOSE": ["1", "x"],
        "DROPTIMEOUTS": ["", "x"],
        "USEFEATURE": ["EXTENDED_EVENTS", "verbose_names", "x", ""], "SETEVENTS": ["CIRC", "EXTENDED", "X", "bw", ""],
        "DROPGUARDS": ["", "x"], "": ["", "GETINFO"],
    ]
}
