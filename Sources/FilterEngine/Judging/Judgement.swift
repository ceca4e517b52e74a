import ControlProtocol
import Profiles

/// What happens to a command.
enum Judgement {
    case forward(Forwarding)
    /// This reply, whole lines with their ends, and nothing for tor.
    case answer([UInt8], rules: [SourceLocation])
    case deny(DenialReason)
}

/// A command for tor, and what to do with its reply.
struct Forwarding {
    var command: Command
    var expectation: Expectation
    /// Where the rules that let it through stand.
    var rules: [SourceLocation]
    /// Whether a replacement changed it.
    var isRewritten = false
    /// In complain mode, why it would have been denied.
    var complaint: DenialReason?
    /// Under own-listeners: where an onion service is to lead, which must be the client's own.
    var targets: [OnionServiceRequest.Target] = []
}
