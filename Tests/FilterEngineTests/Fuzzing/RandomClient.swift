import TestSupport

/// What a hostile client sends: commands that could be valid, put together at random and then damaged.
struct RandomClient {
    private var random: SeededRandom

    init(seed: Int) {
        // Other numbers than those that make the profile of this seed.
        random = SeededRandom(seed: seed ^ 1 << 40)
    }

    /// The bytes of one session.
    mutating func session() -> [UInt8] {
        var bytes = Array("AUTHENTICATE\r\n".utf8)
        for _ in 0..<Int.random(in: 5...30, using: &random) {
            var line = Array(command().utf8)
            while random.once(in: 4) { damage(&line) }
            bytes += line
            bytes += random.once(in: 5) ? [10] : [13, 10]
        }
        // A line of its own ends whatever data block the damage may have begun.
        return bytes + Array("\r\n.\r\n".utf8)
    }

    private static let infoKeys = [
        "version", "circuit-status", "entry-guards", "address", "config-text", "public/a", "public/b", "VERSION",
    ]
    private static let options = [
        "SocksPort", "DisableNetwork", "Bridge", "ContactInfo", "Nickname", "HiddenServiceOptions", "disablenetwork",
        "Socks", "HiddenServiceDir", "ControlPort",
    ]
    private static let settings = [
        "ContactInfo", "ContactInfo", "Bridge", "DisableNetwork", "disablenetwork", "ControlPort",
    ]
    private static let values = [
        "", "=", "=0", "=1", "=\"1\"", "=\"\"", "=x\\r\\n250 OK", "=\"a\\r\\n250 OK\"",
        "=\"a\\n250-version=1\\n250 OK\"",
        "=\"a\"Nickname=b", "=\"\\0411\"", "=1.2.3.4:443", "=\"never closed", "=\"a\" ControlPort=1",
    ]
    private static let ports = [
        "Port=80", "port=80,8080", "Port=80,9051", "Port=80,+9051", "Port=9051,::1", "Port=80,localhost:9051",
        "Port=80,unix:/run/tor/control", "ClientAuth=bob", "Flags=Detach", "Port=80,[::1]:9051", "MaxStreams=9051",
    ]
    private static let events = ["SIGNAL", "HS_DESC", "BW", "CIRC", "signal", "EXTENDED", "HS_DESC_CONTENT"]
    private static let fixed = [
        "", " ", "SIGNAL NEWNYM", "SIGNAL HALT", "signal NEWNYM", "PROTOCOLINFO 1", "TAKEOWNERSHIP", "MAPADDRESS a=b",
        "AUTHENTICATE", "+HSPOST HSADDRESS=x\r\ndata\r\n..dot\r\n.", "+HSPOST SERVER=x\r\nGETINFO address\r\n.",
        "+GETINFO\r\nGETINFO address\r\n.", "+LOADCONF\r\nNickname x\r\n.", "SETCIRCUITPURPOSE", "HSPOST", "UNHEARD OF",
        "SETCIRCUITPURPOSE 1 purpose=general", "ONION_CLIENT_AUTH_ADD a x25519:b ClientName=much-too-long-a-name", ".",
        "250 OK", "650 SIGNAL NEWNYM",
    ]

    private mutating func command() -> String {
        switch Int.random(in: 0..<7, using: &random) {
        case 0, 1: "GETINFO " + words(Self.infoKeys + ["tag/\(Int.random(in: 0..<100, using: &random))"])
        case 2: "GETCONF " + words(Self.options)
        case 3: (random.once(in: 4) ? "RESETCONF " : "SETCONF ") + assignments()
        case 4: "ADD_ONION NEW:BEST " + words(Self.ports)
        case 5: "SETEVENTS " + words(Self.events)
        default: random.pick(Self.fixed, or: "")
        }
    }

    private mutating func words(_ vocabulary: [String]) -> String {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in random.pick(vocabulary, or: "") }.joined(separator: " ")
    }

    private mutating func assignments() -> String {
        (0..<Int.random(in: 1...2, using: &random)).map { _ in
            random.pick(Self.settings, or: "") + random.pick(Self.values, or: "")
        }.joined(separator: " ")
    }

    private static let troublemakers: [UInt8] = Array("\0\t\u{B}\u{C}\r\n \"\\=+.,-:{}".utf8) + [0x7F, 0x80, 0xFF]

    private mutating func damage(_ line: inout [UInt8]) {
        let place = Int.random(in: 0...line.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: line.insert(random.pick(Self.troublemakers, or: 0), at: place)
        case 1 where place < line.count: line.remove(at: place)
        case 2 where place < line.count: line[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 3: line.insert(contentsOf: line.prefix(place), at: place)
        case 4: line.removeLast(line.count - place)
        default: break
        }
    }
}
