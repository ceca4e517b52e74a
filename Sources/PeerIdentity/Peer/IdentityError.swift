import Glibc

/// Why a peer cannot be known, and is refused.
public enum IdentityError: Error, Equatable, Sendable {
    /// The kernel refused a question: what was asked, and errno(3).
    case kernel(call: String, code: Int32)
    /// What the kernel told makes no sense, or is more than can be trusted.
    case unreadable(String)
    /// The peer left, or its process ended, before all was known.
    case gone(String)
    /// The peer lives in a namespace from which the kernel can say nothing certain about it.
    case foreignNamespace(String)
    /// Processes of different identity hold the peer's end of a TCP connection.
    case ambiguous(String)
    /// The kernel keeps no label from the time of connect(2), and that is demanded.
    case noConnectTimeLabel
    /// Too many look-ups are under way.
    case busy
}

extension IdentityError {
    init(_ error: SystemCallError) {
        self =
            error.code == ESRCH
            ? .gone("\(error.call): the process has ended") : .kernel(call: error.call, code: error.code)
    }

    static func kernel(_ error: SystemCallError) -> IdentityError { IdentityError(error) }
}

extension IdentityError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .kernel(let call, let code):
            let hint = code == EACCES || code == EPERM ? " (needs CAP_SYS_PTRACE, or a rule in AppArmor's profile)" : ""
            return "\(SystemCallError(call, code: code))\(hint)"
        case .unreadable(let what), .gone(let what), .foreignNamespace(let what), .ambiguous(let what):
            return what
        case .noConnectTimeLabel:
            return
                "the kernel has no label from the time of connect, and --require-peersec demands one (Linux 6.17 has it)"
        case .busy: return "too many look-ups of TCP clients are under way; a unix socket needs none"
        }
    }
}
