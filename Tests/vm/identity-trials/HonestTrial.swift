/// An application that does something unusual and means no harm: it must be heard.
enum HonestTrial: String, CaseIterable {
    case forkedChildSpeaks = "the parent connects, a child that it forks speaks"
    case startedChildSpeaks = "the parent connects, a child that it starts authenticates and speaks"
    case bothSpeak = "the parent and a child speak in turn"
    case commandThenHello = "PROTOCOLINFO and AUTHENTICATE are sent at once"
    case commandBehindHello = "a command is sent behind AUTHENTICATE at once, and again when that is answered"
    case executesItself = "the application starts itself anew and goes on"

    private static let good = "/opt/vm/good"
    private static let command = "GETINFO version"

    /// Nil if all was heard.
    func problem(on stage: Stage) throws -> String? {
        let actor = try Actor(Self.good)
        let parent = actor.itself
        let child = actor.child
        try parent.order("connect \(stage.path)")
        if self == .commandThenHello {
            try parent.order("send PROTOCOLINFO 1")
            try parent.order("send AUTHENTICATE")
        }
        if self == .commandBehindHello {
            try parent.order("send AUTHENTICATE")
            try parent.order("send \(Self.command)")
        }
        try stage.identify()
        switch self {
        case .forkedChildSpeaks:
            try parent.fork(to: child)
            return try stage.hears(Self.command, from: child)
        case .startedChildSpeaks:
            try parent.fork(to: child)
            try child.order("exec \(Self.good)")
            return try stage.hears("AUTHENTICATE", from: child) ?? stage.hears(Self.command, from: child)
        case .bothSpeak:
            try parent.fork(to: child)
            for _ in 0..<3 {
                if let problem = try stage.hears(Self.command, from: child) ?? stage.hears(Self.command, from: parent) {
                    return problem
                }
            }
            return nil
        case .commandThenHello:
            guard let reply = stage.receive(), reply.hasPrefix("250-PROTOCOLINFO 1\r\n"),
                reply.hasSuffix("250 OK\r\n250 OK\r\n")
            else { return stage.refusal ?? "nothing came" }
            return try stage.hears(Self.command, from: parent)
        case .commandBehindHello:
            guard let reply = stage.receive() else { return stage.refusal ?? "nothing came" }
            // Certain from the first byte on where the kernel has kept the label from the time of connect.
            guard reply == "\(Self.command)\r\n250 OK\r\n" || reply.hasPrefix("250 OK\r\n551 ") else { return reply }
            return try stage.hears(Self.command, from: parent)
        case .executesItself:
            if let problem = try stage.hears(Self.command, from: parent) { return problem }
            try parent.order("exec \(Self.good)")
            return try stage.hears("AUTHENTICATE", from: parent) ?? stage.hears(Self.command, from: parent)
        }
    }
}
