import ControlProtocol
import FilterEngine
import Profiles

/// What the filter makes of one command of a client's and of what tor says then: the first command of a session that the
/// filter's own engine plays.
package struct Probe {
    package let command: [UInt8]
    package let decisions: [Decision]
    /// What tor received of it; nil if nothing.
    package let received: Command?
    /// What the client saw.
    package let seen: [UInt8]
    /// Why the session ended, if it did.
    package let closing: Closing?

    /// - Parameters:
    ///   - command: a line without its end; data of a `+` command follows after line feeds.
    ///   - torSays: what tor says once it has the command, whole lines with their ends.
    package init(_ command: [UInt8], policy: Policy, settings: SessionSettings, torSays: [UInt8] = []) {
        var session = Session(policy: policy, context: settings.context)
        var effects = Effects()
        var seen = [UInt8]()
        var received: Command?
        (command + [13, 10]).withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
        settings.listeners.answer(&session, &effects)
        if effects.connectsToTor, effects.closing == nil {
            session.torConnected(version: Array(settings.torVersion.utf8), &effects)
            let confirmation = Array("250 OK\r\n".utf8)
            var sent = Self.commands(effects.toTor)
            // What the session asks tor for on its own account comes first.
            if policy.torBrowserMode, !sent.isEmpty {
                sent.removeFirst()
                confirmation.withUnsafeBufferPointer { session.receive(fromTor: $0, &effects) }
            }
            received = sent.first
            seen += effects.toClient
            effects.toClient.removeAll()
            if received != nil, effects.closing == nil {
                torSays.withUnsafeBufferPointer { session.receive(fromTor: $0, &effects) }
            }
        }
        self.command = command
        self.received = received
        self.seen = seen + effects.toClient
        decisions = effects.decisions
        closing = effects.closing
    }

    /// Where the rules that let it through stand.
    package var rules: [SourceLocation] { decisions.flatMap(\.rules) }

    package var isDenied: Bool {
        decisions.isEmpty || decisions.contains { if case .denied = $0.verdict { true } else { false } }
    }

    private static func commands(_ bytes: [UInt8]) -> [Command] {
        var parser = CommandParser(limits: CommandParser.Limits())
        var commands = [Command]()
        bytes.withUnsafeBufferPointer { buffer in
            var offset = 0
            while let item = parser.next(buffer, at: &offset) {
                if case .command(let command) = item { commands.append(command) }
            }
        }
        return commands
    }
}
