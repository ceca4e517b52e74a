import GraterCheck

/// Why a run says nothing good, whatever the profile: told on standard error, and by the exit status.
enum RunProblem {
    case torUnreachable(String)
    case applicationFailed(Int32)
    case neverConnected

    /// What is wrong with an outcome, the gravest first. Without tor, what the application did says little; a failed application
    /// most likely did not connect for that reason.
    static func all(of outcome: ApplicationRun.Outcome) -> [RunProblem] {
        var problems = [RunProblem]()
        if let why = outcome.torFailure { problems.append(.torUnreachable(why)) }
        if outcome.applicationStatus != 0, !outcome.allowsFailure {
            problems.append(.applicationFailed(outcome.applicationStatus))
        }
        if outcome.recording.isEmpty { problems.append(.neverConnected) }
        return problems
    }

    /// Denials are findings, and most likely the reason why an application failed.
    static func status(of problems: [RunProblem], hasFindings: Bool) -> Report.Status {
        if case .torUnreachable? = problems.first { return .torUnreachable }
        if hasFindings { return .findings }
        switch problems.first {
        case .torUnreachable?: return .torUnreachable
        case .applicationFailed?: return .applicationFailed
        case .neverConnected?: return .neverConnected
        case nil: return .fine
        }
    }

    /// A sentence.
    var text: String {
        switch self {
        case .torUnreachable(let why):
            "tor could not be reached: \(why) (--offline-tor starts one; --control-socket and --control-port name another)"
        case .applicationFailed(let status):
            "the application failed: it ended with status \(status)"
                + (status > 128 ? ", by signal \(status - 128)" : "") + " (--allow-failure accepts that)"
        case .neverConnected:
            "the application never connected: it does not look at TOR_CONTROL_PORT or TOR_CONTROL_IPC_PATH, or asked no "
                + "control port at all"
        }
    }
}
