import ArgumentParser
import ControlProtocol
import ProxyServer

struct QuotaOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Have no more sessions than this; who comes then waits.",
            discussion: "By default as many as the limit of open files allows (RLIMIT_NOFILE), six for each session.",
            valueName: "number"))
    var maxSessions: Int?

    @Option(
        help: ArgumentHelp(
            "Have no more sessions than this for one user, or one remote address; who comes then is refused.",
            discussion: "By default half of all, but no more than 2048.", valueName: "number"))
    var maxSessionsPerUser: Int?

    @Option(
        help: ArgumentHelp(
            "Accept no more connections than this each second from one user, or one remote address.",
            discussion: "Four times as many may come at once.", valueName: "number"))
    var maxConnectionsPerSecond = Quota().connectionsPerSecond

    @Option(
        help: ArgumentHelp(
            "Keep no more than this in all sessions of one user, or one remote address: of what waits.",
            valueName: "bytes"))
    var maxQueuedPerUser = Quota().queuedBytesPerOwner

    @Option(
        help: ArgumentHelp(
            "Take no command whose line is longer than this, its end included.",
            discussion: "Who sends more is answered \"500 Line too long\", and disconnected.", valueName: "bytes"))
    var maxCommandLine = CommandParser.Limits().line

    @Option(
        help: ArgumentHelp(
            "Take no command with more data than this, as +LOADCONF and +HSPOST have it.",
            discussion: "Who sends more fares the same.", valueName: "bytes"))
    var maxCommandData = CommandParser.Limits().body

    @Option(
        help: ArgumentHelp(
            "Close the session of a client that leaves what is for it unread for this long.", valueName: "seconds"))
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
