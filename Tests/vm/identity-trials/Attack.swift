import Glibc

/// One way for a program in profile `evil` to be taken for one in profile `good`, played at the worst moment for the server.
enum Attack: String, CaseIterable {
    case childKeepsConnection = "the connecting process becomes good, its child speaks"
    case queuedBeforeExec = "commands are queued, then the process becomes good"
    case passedBefore = "another process was given the descriptor, then the first becomes good"
    case inFlight = "the descriptor is under way to another process while the server looks"
    case connectorRecycled = "the connecting process ends, and a good one gets its number"
    case senderExecutes = "the child speaks, and becomes good before the server hears it"
    case senderEnds = "the child speaks, and ends before the server hears it"
    case senderRecycled = "the child speaks and ends, and a good one that never called exec gets its number"
    case numbersBurned = "the child speaks and ends, forks that fail use numbers up, and a good one gets its number"
    case thereAndBack = "the process that is known to be good becomes evil, speaks, and becomes good again"
    case thereAndBackShared = "the same, while another process keeps the memory that it had"
    case forgedSender = "a child says, from namespaces of its own, that its good parent speaks"
    case forgedNewcomer =
        "another process says, from namespaces of its own, that a good one in there speaks"
    case threadInHat = "a thread of a good process that is under another label speaks"

    private static let good = "/opt/vm/good"
    private static let evil = "/opt/vm/evil"
    /// What the good program is known as.
    private static let target = Kernel.hasAppArmor ? "good" : good
    private static let command = "GETINFO address"

    /// Whether it can be played on this kernel.
    var isPossible: Bool { self != .threadInHat || Kernel.hasAppArmor }
    /// Whether it takes a whole round of the numbers of processes.
    var needsFewNumbers: Bool { self == .senderRecycled || self == .numbersBurned }

    /// Plays it once.
    ///
    /// - Returns: whether the server took a command of evil's for one of good's.
    func succeeds(on stage: Stage) throws -> Bool {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
            throw TrialError("no socket pair")
        }
        defer { for end in ends { close(end) } }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let actor = try Actor(self == .threadInHat ? Self.good : Self.evil, passing: ends[0])
        let others = try play(actor, ends[1], stage)
        return withExtendedLifetime((actor, others)) {
            guard stage.application == Self.target else { return false }
            while let heard = stage.receive() {
                if heard.contains(Self.command) { return true }
            }
            return false
        }
    }

    /// - Returns: the other actors in it, which must live on until the server has looked.
    private func play(_ actor: Actor, _ otherEnd: Int32, _ stage: Stage) throws -> [Actor] {
        let evil = actor.itself
        let child = actor.child
        var others: [Actor] = []
        switch self {
        case .forgedSender, .forgedNewcomer, .threadInHat: break
        default: try greet(evil, stage)
        }

        switch self {
        case .childKeepsConnection:
            try forkAndBecomeGood(evil, child)
            try stage.identify()
            try child.order("send \(Self.command)")
        case .queuedBeforeExec:
            try evil.order("send \(Self.command)")
            try evil.order("exec \(Self.good)")
            try stage.identify()
        case .passedBefore, .inFlight:
            let friend = try Actor(Self.evil, passing: otherEnd)
            others.append(friend)
            try evil.order("pass")
            if self == .passedBefore { try friend.itself.order("take") }
            try evil.order("exec \(Self.good)")
            try stage.identify()
            if self == .inFlight { try friend.itself.order("take") }
            try friend.itself.order("send \(Self.command)")
        case .connectorRecycled:
            try evil.fork(to: child)
            try evil.send("exit")
            actor.reap()
            let impostor = try Actor(Self.good)
            others.append(impostor)
            try impostor.itself.order("take-number \(actor.pid)")
            _ = try impostor.child.answer()
            try stage.identify()
            try child.order("send \(Self.command)")
        case .senderExecutes:
            try forkAndBecomeGood(evil, child)
            try stage.identify()
            try child.order("send \(Self.command)")
            try child.order("exec \(Self.good)")
        case .senderEnds:
            try forkAndBecomeGood(evil, child)
            try stage.identify()
            try child.order("send \(Self.command)")
            let pid = try child.order("pid")
            try child.send("exit")
            try evil.order("reap \(pid)")
        case .senderRecycled:
            try forkAndBecomeGood(evil, child)
            try stage.identify()
            try child.order("send \(Self.command)")
            let pid = try child.order("pid")
            try child.send("exit")
            try evil.order("reap \(pid)")
            try evil.order("await-number \(pid)")
            _ = try child.answer()
        case .numbersBurned:
            try forkAndBecomeGood(evil, child)
            try stage.identify()
            stage.lookAway()
            try child.order("send \(Self.command)")
            let pid = try child.order("pid")
            try child.send("exit")
            try evil.order("reap \(pid)")
            try evil.order("burn-numbers \(pid)")
            try evil.fork(to: child)
            guard try child.order("pid") == pid else { throw TrialError("the number \(pid) was not to be had again") }
        case .thereAndBack, .thereAndBackShared:
            try evil.order("exec \(Self.good)")
            if self == .thereAndBackShared { try evil.order("share-memory") }
            try stage.identify()
            try evil.order("exec \(Self.evil)")
            try evil.order("send \(Self.command)")
            try evil.order("exec \(Self.good)")
        case .forgedSender: try playForgedSender(actor, stage)
        case .forgedNewcomer: others.append(try playForgedNewcomer(evil, otherEnd, stage))
        case .threadInHat:
            // One thread of it is all evil that there is.
            try evil.order("thread-label changehat 0000000000001234^worker")
            try greet(evil, stage)
            try stage.identify()
            try evil.order("send \(Self.command)")
        }
        return others
    }

    /// Anyone may say AUTHENTICATE, and without it no command would be heard.
    private func greet(_ channel: Actor.Channel, _ stage: Stage) throws {
        try channel.order("connect \(stage.path)")
        try channel.order("send AUTHENTICATE")
    }

    private func forkAndBecomeGood(_ evil: Actor.Channel, _ child: Actor.Channel) throws {
        try evil.fork(to: child)
        try evil.order("exec \(Self.good)")
    }

    /// The first process of the namespaces becomes good, and what it forked before speaks in its name.
    private func playForgedSender(_ actor: Actor, _ stage: Stage) throws {
        try actor.itself.order("uid 1000")
        // A process that has changed its user may not map users until it has called exec.
        try actor.itself.order("exec \(Self.evil)")
        try actor.itself.order("namespaces")
        try actor.itself.fork(to: actor.child)
        try greet(actor.child, stage)
        try actor.child.fork(to: actor.grandchild)
        try actor.child.order("exec \(Self.good)")
        try stage.identify()
        try actor.grandchild.order("send-as 1 \(Self.command)")
    }

    /// Who speaks for the good process in the namespaces is heard twice, for the first time may be doubted.
    private func playForgedNewcomer(_ evil: Actor.Channel, _ otherEnd: Int32, _ stage: Stage) throws -> Actor {
        let friend = try Actor(Self.evil, passing: otherEnd)
        for channel in [evil, friend.itself] {
            try channel.order("uid 1000")
            try channel.order("exec \(Self.evil)")
        }
        try evil.order("connect \(stage.path)")
        try evil.order("pass")
        try friend.itself.order("take")
        try friend.itself.order("namespaces")
        try friend.itself.fork(to: friend.child)
        try friend.child.fork(to: friend.grandchild)
        try friend.child.order("exec \(Self.good)")
        try evil.order("exec \(Self.good)")
        try stage.identify()
        try friend.grandchild.order("send-as 1 AUTHENTICATE")
        _ = stage.receive()
        try friend.grandchild.order("send-as 1 \(Self.command)")
        return friend
    }
}
