/// A client that comes under another AppArmor profile without deceit: what the server must make of it.
enum ChangeTrial: String, CaseIterable {
    case becomesConfined = "an unconfined process connects, and becomes good"
    case entersHat = "a good process connects, and goes on under another label without exec"
    case startsOther = "a good process becomes another of its programs, under its label"
    case startsOtherUnseen = "the same, where its memory must not be looked at"

    private static let good = "/opt/vm/good"
    private static let hello = "AUTHENTICATE"
    private static let command = "GETINFO version"

    /// Nil if the server made of it what it must.
    func problem(on stage: Stage) throws -> String? {
        let actor = try Actor(self == .becomesConfined ? "/opt/vm/unconfined" : Self.good)
        let client = actor.itself
        try client.order("connect \(stage.path)")
        switch self {
        case .becomesConfined:
            try client.order("exec \(Self.good)")
            try stage.identify()
            // Where the kernel has the label from the time of connect, the one of now contradicts it.
            guard Kernel.keepsLabels else { return stage.application == "good" ? nil : stage.refusal ?? "not known" }
            return stage.application.map { "taken for \($0)" }
        case .entersHat:
            try stage.identify()
            if let problem = try stage.hears(Self.hello, from: client) { return problem }
            try client.order("label changehat 0000000000001234^worker")
            let problem = try stage.hears(Self.command, from: client)
            guard !Kernel.keepsLabels else { return problem }
            return problem == nil ? "the hat is heard in the name of good" : nil
        case .startsOther, .startsOtherUnseen:
            let hidden = self == .startsOtherUnseen ? try HiddenFile("/proc/\(actor.pid)/pagemap") : nil
            return try withExtendedLifetime(hidden) {
                try stage.identify()
                if let problem = try stage.hears(Self.hello, from: client) { return problem }
                try client.order("exec /opt/vm/helper")
                return try stage.hears(Self.hello, from: client) ?? stage.hears(Self.command, from: client)
            }
        }
    }
}
