import ArgumentParser
import ControlProtocol
import ProxyServer

struct QuotaOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The limit of sessions. Further clients wait.",
            discussion: "The default is what the limit of open files allows (RLIMIT_NOFILE), six for each session.",
            valueName: "number"))
    var maxSessions: Int?

    @Option(
        help: ArgumentHelp(
            "The limit of sessions for one user or remote address. Further clients are refused.",
            discussion: "The default is half of all sessions, at most 2048.", valueName: "number"))
    var maxSessionsPerUser: Int?

    @Option(
        help: ArgumentHelp(
            "The limit of new connections a second for one user or remote address.",
            discussion: "Four times as many may come at once.", valueName: "number"))
    var maxConnectionsPerSecond = Quota().connectionsPerSecond

    @Option(
        help: ArgumentHelp(
            "The limit of bytes that wait in all sessions of one user or remote address.",
            valueName: "bytes"))
    var maxQueuedPerUser = Quota().queuedBytesPerOwner

    @Option(
        help: ArgumentHelp(
            "The longest command line, its end included.",
            discussion: "Longer lines are answered \"500 Line too long\", and the client is disconnected.",
            valueName: "bytes"))
    var maxCommandLine = CommandParser.Limits().line

    @Option(
        help: ArgumentHelp(
            "The most data of a command such as +LOADCONF or +HSPOST.",
            discussion: "More is treated the same way.", valueName: "bytes"))
    var maxCommandData = CommandParser.Limits().body

    @Option(
        help: ArgumentHelp(
            "Close the session of a client that does not read for this long.", valueName: "seconds"))
    var stallTimeout = 60

    @Option(
        help: ArgumentHelp(
            "Close the session of a client that has not authenticated after this long; 0 for never.",
            valueName: "seconds"))
    var authenticationTimeout = 60

    var quota: Quota {
        var quota = Quota()
        quota.sessions = maxSessions
        quota.sessionsPerOwner = maxSessionsPerUser
        quota.connectionsPerSecond = maxConnectionsPerSecond
        quota.queuedBytesPerOwner = maxQueuedPerUser
        return quota
    }

    var limits: SessionLimits {
        var limits = SessionLimits()
        limits.commands = CommandParser.Limits(line: maxCommandLine, body: maxCommandData)
        limits.stall = .seconds(stallTimeout)
        limits.authentication = authenticationTimeout > 0 ? .seconds(authenticationTimeout) : .never
        return limits
    }

    func validate() throws {
        let numbers = [
            maxSessions, maxSessionsPerUser, maxConnectionsPerSecond, maxQueuedPerUser, maxCommandLine, maxCommandData,
            stallTimeout,
        ]
        guard numbers.allSatisfy({ $0 ?? 1 > 0 }), authenticationTimeout >= 0 else {
            throw ValidationError("what there may be of sessions, connections, bytes and seconds is at least 1")
        }
    }
}
