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
            try fork(parent, child)
            return try hears(Self.command, from: child, stage)
        case .startedChildSpeaks:
            try fork(parent, child)
            try child.order("exec \(Self.good)")
            return try hears("AUTHENTICATE", from: child, stage) ?? hears(Self.command, from: child, stage)
        case .bothSpeak:
            try fork(parent, child)
            for _ in 0..<3 {
                if let problem = try hears(Self.command, from: child, stage) ?? hears(Self.command, from: parent, stage)
                {
                    return problem
                }
            }
            return nil
        case .commandThenHello:
            guard let reply = stage.receive(), reply.hasPrefix("250-PROTOCOLINFO 1\r\n"),
                reply.hasSuffix("250 OK\r\n250 OK\r\n")
            else { return stage.refusal ?? "nothing came" }
            return try hears(Self.command, from: parent, stage)
        case .commandBehindHello:
            guard let reply = stage.receive() else { return stage.refusal ?? "nothing came" }
            // Certain from the first byte on where the kernel has kept the label from the time of connect.
            guard reply == "\(Self.command)\r\n250 OK\r\n" || reply.hasPrefix("250 OK\r\n551 ") else { return reply }
            return try hears(Self.command, from: parent, stage)
        case .executesItself:
            if let problem = try hears(Self.command, from: parent, stage) { return problem }
            try parent.order("exec \(Self.good)")
            return try hears("AUTHENTICATE", from: parent, stage) ?? hears(Self.command, from: parent, stage)
        }
    }

    private func fork(_ parent: Actor.Channel, _ child: Actor.Channel) throws {
        try parent.order("fork")
        _ = try child.answer()
    }

    private func hears(_ text: String, from channel: Actor.Channel, _ stage: Stage) throws -> String? {
        try channel.order("send \(text)")
        let heard = text == "AUTHENTICATE" ? "250 OK\r\n" : "\(text)\r\n"
        return stage.receive() == heard ? nil : "\(text) is not heard: \(stage.refusal ?? "nothing came")"
    }
}
