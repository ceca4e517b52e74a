import ControlProtocol
import Profiles

/// What a session wants done after it was fed something, in buffers that the caller drains and reuses.
///
/// Bytes to tor and bytes to the client go to different sockets, so only the order within each matters; both are to be
/// written before `closing` is acted upon.
public struct Effects: Sendable {
    /// To be written to tor's control connection, which is up whenever this is not empty.
    public var toTor: [UInt8] = []
    /// To be written to the client.
    public var toClient: [UInt8] = []
    /// What was decided, in order: for the log and for tools.
    public var decisions: [Decision] = []
    /// How many commands were decided, reported in `decisions` or not.
    public var counts = DecisionCounts()
    /// A connection to tor is wanted: the answer is `Session.torConnected` or `Session.torUnavailable`.
    public var connectsToTor = false
    /// In tor-browser-mode: the caller must find out whether the client is at these, and answer each by
    /// `Session.resolved`.
    public var streamSources: [StreamSource] = []
    /// Under own-listeners: the caller must find out who listens here, and answer with `Session.listenersFound`.
    public var listenerQuestion: [OnionServiceRequest.Target] = []
    /// What became of the client's onion services: for the sessions of the same profile to come.
    public var onionServices: [OnionServiceChange] = []
    /// The session is over once the bytes are written; it takes no more input.
    public var closing: Closing?

    public init() {}

    /// Empties everything and keeps the storage.
    public mutating func removeAll() {
        toTor.removeAll(keepingCapacity: true)
        toClient.removeAll(keepingCapacity: true)
        decisions.removeAll(keepingCapacity: true)
        counts = DecisionCounts()
        connectsToTor = false
        streamSources.removeAll(keepingCapacity: true)
        listenerQuestion.removeAll(keepingCapacity: true)
        onionServices.removeAll(keepingCapacity: true)
        closing = nil
    }
}

/// A change of an onion service, named by its address without `.onion`.
public enum OnionServiceChange: Sendable, Equatable {
    case added([UInt8])
    case deleted([UInt8])
}

/// Why a session ended.
public enum Closing: Sendable, Equatable {
    /// The client said `QUIT`, or closed its side and got its replies.
    case clientLeft
    /// The client sent what closes a connection: HTTP, a line over the bound, a failed AUTHENTICATE.
    case clientViolation(String)
    /// Tor sent what cannot be a reply to what it was asked.
    case torViolation(String)
    /// Tor's connection ended while something of the client's depended on it.
    case torLost
}
