import FilterEngine
import JSONText
import Profiles

/// `grater-check try`: what becomes of single commands, each the first of a client.
public struct Trial: Sendable {
    /// The path of a profile, or of a folder of profiles.
    public var profile: String
    /// The filter's name, where there are several.
    public var filter: String?
    /// Command lines without their ends; data of a `+` command follows it after line feeds.
    public var commands: [[UInt8]]
    /// What tor replies to each command that reaches it, whole lines with their ends.
    public var reply: [UInt8]?
    /// What the session is played with.
    public var settings: SessionSettings
    /// The client, so that the filter is chosen as the daemon would choose it; nil if the filter is known.
    public var client: ClientDescription?
    /// Who the report is for.
    public var format = ReportFormat.text

    public init(
        profile: String, filter: String? = nil, commands: [[UInt8]], reply: [UInt8]? = nil,
        settings: SessionSettings = SessionSettings()
    ) {
        self.profile = profile
        self.filter = filter
        self.commands = commands
        self.reply = reply
        self.settings = settings
    }

    /// A denied command is a finding.
    public func run(style: Style) -> Report {
        let policy: Policy
        do {
            let loaded = ProfileChoice.load(profile)
            policy =
                if let client { try ProfileChoice.policy(of: loaded, for: client) } else {
                    try ProfileChoice.policy(of: loaded, file: profile, filter: filter)
                }
        } catch {
            return .unusable("\(error)", style: style)
        }
        if format == .json {
            let outcomes = commands.map { TrialOutcome(of: $0, policy: policy, settings: settings, reply: reply) }
            return .json(
                .array(outcomes.map { $0.json(policy) }), of: "try",
                status: outcomes.contains(where: \.isRefused) ? .findings : .fine)
        }
        var report = Report()
        var text = TrialText(policy: policy, style: style)
        for command in commands {
            let outcome = TrialOutcome(of: command, policy: policy, settings: settings, reply: reply)
            if !report.text.isEmpty { report.print() }
            for line in text.lines(of: outcome) { report.print(line) }
            if outcome.isRefused { report.status = .findings }
        }
        return report
    }

    /// The commands in `text`, one in each line; a line that begins with `+` goes on up to a line with a dot alone.
    public static func commands(in text: [UInt8]) -> [[UInt8]] {
        var commands = [[UInt8]]()
        var isInData = false
        for line in text.split(separator: 10, omittingEmptySubsequences: false) {
            let line = Array(line.last == 13 ? line.dropLast() : line)
            if isInData, let command = commands.popLast() {
                commands.append(command + [10] + line)
                isInData = line != [UInt8(ascii: ".")]
            } else if !line.isEmpty {
                commands.append(line)
                isInData = line.first == UInt8(ascii: "+")
            }
        }
        return commands
    }

    /// The bytes of a reply that is written as in a transcript, its lines apart by line feeds, real or as `\n`.
    public static func reply(_ texts: [String]) throws(TranscriptNotation.Failure) -> [UInt8] {
        var bytes = [UInt8]()
        for line in texts.joined(separator: "\n").utf8.split(separator: 10) {
            bytes += try TranscriptNotation.parse(line).joined()
        }
        return Array(WireText.lines(bytes).map { $0.suffix(2) == [13, 10] ? $0 : $0.dropLast() + [13, 10] }.joined())
    }
}

/// What became of one command.
struct TrialOutcome {
    let command: [UInt8]
    let decisions: [Decision]
    let toTor: [UInt8]
    let toClient: [UInt8]
    let closing: Closing?

    init(of command: [UInt8], policy: Policy, settings: SessionSettings, reply: [UInt8]?) {
        var session = Session(policy: policy, context: settings.context)
        var effects = Effects()
        (command + [13, 10]).withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
        settings.listeners.answer(&session, &effects)
        if effects.connectsToTor, effects.closing == nil {
            session.torConnected(version: Array(settings.torVersion.utf8), &effects)
        }
        if let reply, !effects.toTor.isEmpty, effects.closing == nil {
            reply.withUnsafeBufferPointer { session.receive(fromTor: $0, &effects) }
        }
        self.command = command
        decisions = effects.decisions
        toTor = effects.toTor
        toClient = effects.toClient
        closing = effects.closing
    }

    /// Whether the command, or part of it, did not get through.
    var isRefused: Bool {
        let isDenied = decisions.contains { if case .denied = $0.verdict { true } else { false } }
        return isDenied || decisions.isEmpty || closing.map { $0 != .clientLeft } ?? false
    }
}
