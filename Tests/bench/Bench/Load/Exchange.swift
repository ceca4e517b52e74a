import BenchSupport

/// A command, and what tells the end of its reply.
struct Exchange {
    /// With its line end.
    let command: [UInt8]
    let replyLines: Int
    /// What the reply begins with, on every route.
    let replyPrefix: String

    init(_ command: String, replyLines: Int, replyPrefix: String = "250") {
        self.command = Array("\(command)\r\n".utf8)
        self.replyLines = replyLines
        self.replyPrefix = replyPrefix
    }

    static let authentication = Exchange("AUTHENTICATE", replyLines: 1)
    static let allowed = Exchange("GETINFO version", replyLines: 2)
    /// The fake tor knows no address either.
    static let denied = Exchange("GETINFO address", replyLines: 1, replyPrefix: "5")
    /// Rewritten on its way to tor, and the reply on its way back.
    static let rewritten = Exchange("ADD_ONION NEW:ED25519-V3 Port=80,17600", replyLines: 3)
    static let firstRule = Exchange("RESOLVE host-0.example.net", replyLines: 1)
    static let lastRule = Exchange("RESOLVE host-\(BenchProfile.ruleCount - 1).example.net", replyLines: 1)
    /// 10 MB in lines of 100 bytes.
    static let large = Exchange("GETINFO ns/all", replyLines: 100_003)
    static let largeMegabytes = 10.0

    /// Subscribes to an event, and asks the fake tor for `count` of them, a multiple of 500.
    static func subscription(to event: String) -> Exchange { Exchange("SETEVENTS \(event)", replyLines: 1) }

    static func flood(of event: String, count: Int) -> Exchange {
        Exchange("GETINFO flood/\(event)/\(count)", replyLines: 2 + count)
    }
}
