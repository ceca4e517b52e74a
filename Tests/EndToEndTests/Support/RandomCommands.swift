import TestSupport

/// Profiles and commands put together at random, the same ones for the same seed.
struct RandomCommands {
    private var random: SeededRandom

    init(seed: Int) {
        random = SeededRandom(seed: seed)
    }

    private static let rules = [
        "GETINFO": [
            "'version'", "'addr.*'", "'net/.*'", "'version( [a-z/-]+)*'", "'.*'",
            "{pattern: '(.*)/x', replacement: '{}'}",
            "{pattern: address, answer: ['250-address=1', '250 OK']}", "'(?:version|address|config-text)'",
        ],
        "GETCONF": ["'(?:a|b).*'", "'Log'", "'[A-Z].*Port'", "{pattern: SocksPort, answer: ['250 SocksPort=9050']}"],
        "SETCONF": [
            "'[A-Z].*=1'", "{pattern: 'Log=(.*)', replacement: 'Log={}'}", #"'Bridge="obfs4 .*"'"#,
            "'DisableNetwork=[01]'",
        ],
        "RESETCONF": ["'Bridge'", "'.*'"],
        "ADD_ONION": [
            "'.*'", #"{pattern: '(\S+) Port=(\S+)', replacement: '{1} Port={0}'}"#, "'NEW:BEST Port=80'",
            #"{pattern: 'NEW:(\S+)( .*)? Port=80,(\d+)', replacement: 'NEW:{}{} Port=80,{client-address}:{}'}"#,
        ],
        "DEL_ONION": ["'[a-z2-7]{56}'", "'.+'"],
        "SIGNAL": ["'[^N].*'", "'NEWNYM'", "'.*'"],
        "HSFETCH": ["'.+'", #"'[a-z2-7]{56}'"#],
        "ONION_CLIENT_AUTH_ADD": ["'[a-z2-7]{56} .*'"], "SAVECONF": ["''"], "MAPADDRESS": ["'[^=]+=[^=]+'"],
        "HSPOST": ["'.*'"], "RESOLVE": ["'[a-z.]+'"], "CLOSECIRCUIT": [#"'\d+'"#], "LOADCONF": ["''"],
        "EXTENDCIRCUIT": ["'0'"],
    ]
    private static let confs = ["DisableNetwork: ['0', '1']", "Bridge: ['', '.*']", "SocksPort:", "Log: ['.+']"]
    private static let events = [
        "HS_DESC: {suppress: true}", "CIRC:", "STREAM:", "BW:", "SIGNAL: {suppress: true}", "CONF_CHANGED:",
        "HS_DESC: {response: [{pattern: '.*', replacement: ''}]}",
    ]

    /// For the clients of a socket.
    mutating func profile(socket: String) -> String {
        var text = "- name: \(socket)\n  sockets: ['\(socket)']\n  commands:\n"
        for (command, rules) in Self.rules.sorted(by: { $0.key < $1.key }) where random.once(in: 2) {
            text += "    \(command):\n"
            for rule in rules.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)) {
                text += "      - \(rule)\n"
            }
        }
        text += "  confs:\n"
        for conf in Self.confs where random.once(in: 2) { text += "    \(conf)\n" }
        text += "  events:\n"
        var names = Set<Substring>()
        for event in Self.events.shuffled(using: &random) where random.once(in: 2) {
            if names.insert(event.prefix { $0 != ":" }).inserted { text += "    \(event)\n" }
        }
        if random.once(in: 4) { text += "  only-own-onions: true\n" }
        return text
    }

    private static let service = String(repeating: "b", count: 55) + "d"
    private static let words = [
        "GETINFO": [
            "version", "address", "net/listeners/socks", "config-text", "circuit-status", "VERSION", "a/x", "address/x",
            "onions/current", "accounting/enabled",
        ],
        "GETCONF": ["SocksPort", "socksport", "Log", "log", "Bridge", "a", "ControlPort", "DisableNetwork"],
        "SETCONF": [
            "DisableNetwork=1", "disablenetwork=0", "DisableNetwork=2", "Log=x", #"Bridge="obfs4 1.2.3.4:5""#, "Bridge",
            "Bridge=", #"Log="a b\"c""#, "X=1", #"Log="open"#, "ClientTransportPlugin=1", #"Bridge="a" Log=1"#,
        ],
        "RESETCONF": ["Bridge", "bridge=x", "Log", "DisableNetwork=1", ""],
        "ADD_ONION": [
            "NEW:BEST", "NEW:ED25519-V3", "Port=80", "Port=80,8080", "Port=80,127.0.0.1:81", "port=80,1.2.3.4:5",
            "Flags=Detach", "Flags=DiscardPK,NonAnonymous", "Port=80,unix:/run/x", "ClientAuth=bob", "Port=1,2",
        ],
        "DEL_ONION": [service, "x", "\(service) x"], "SIGNAL": ["NEWNYM", "HALT", "newnym", "RELOAD"],
        "HSFETCH": [service, "SERVER=$9695DFC35FFEB861329B9F1AB04C46397020CE31"], "SAVECONF": ["", "FORCE"],
        "ONION_CLIENT_AUTH_ADD": [service, "x25519:AAAA", "Flags=Permanent"], "MAPADDRESS": ["a=b", "a=b c=d", "x"],
        "SETEVENTS": ["CIRC", "HS_DESC", "BW", "stream", "EXTENDED", "SIGNAL", "NONSENSE", "CONF_CHANGED"],
        "RESOLVE": ["example.org", "mode=reverse"], "CLOSECIRCUIT": ["1", "1 IfUnused"], "EXTENDCIRCUIT": ["0", "1 x"],
        "PROTOCOLINFO": ["", "1"], "AUTHENTICATE": ["", "\"x\""], "TAKEOWNERSHIP": [""], "QUIT": [""], "HELP": ["me"],
        "+HSPOST": ["\ndata\n..dot\n.", " SERVER=x\nGETINFO address\n."], "+LOADCONF": ["\nLog x\n."], "HSPOST": ["x"],
        "LOADCONF": [""],
    ]
    private static let commands = words.keys.sorted()

    /// Lines without the last one's end.
    mutating func command() -> String {
        guard let command = Self.commands.randomElement(using: &random), let words = Self.words[command] else {
            return ""
        }
        if command.hasPrefix("+") { return command + (words.randomElement(using: &random) ?? "") }
        let count = Int.random(in: 1...3, using: &random)
        let chosen = words.shuffled(using: &random).prefix(count).joined(separator: " ")
        var line = Array((chosen.isEmpty ? command : "\(command) \(chosen)").utf8)
        while random.once(in: 8) { damage(&line) }
        return String(decoding: line, as: UTF8.self)
    }

    /// Nothing that would make it another command's data, or an empty line.
    private mutating func damage(_ line: inout [UInt8]) {
        guard line.count > 4 else { return }
        let place = Int.random(in: 3..<line.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: line.insert(UInt8(ascii: " "), at: place)
        case 1: line.remove(at: place)
        case 2: line.insert(Array("\t\"\\=,.*".utf8).randomElement(using: &random) ?? 9, at: place)
        default: line.insert(contentsOf: line[..<place], at: place)
        }
    }
}
