import ControlProtocol
import Profiles

/// One client's session as a state machine: bytes in, decisions and bytes out. No I/O, no clock, no threads.
public struct Session: Sendable {
    /// What a session is created with, apart from its policy.
    public struct Context: Sendable {
        /// What the address fields of replacements stand for.
        public var addresses: ConnectionAddresses
        /// Where onion services may never lead.
        public var controlEndpoints: ControlEndpoints
        /// The 32 bytes of the cookie that clients may prove they know; nil where there is no cookie file.
        public var cookie: [UInt8]?
        /// 32 fresh random bytes at each call.
        public var makeNonce: @Sendable () -> [UInt8]
        /// Whether commands let through are reported in `Effects.decisions` too, not only denials.
        public var reportsAllowed: Bool

        public init(
            addresses: ConnectionAddresses, controlEndpoints: ControlEndpoints = ControlEndpoints(),
            cookie: [UInt8]? = nil, reportsAllowed: Bool = false,
            makeNonce: @escaping @Sendable () -> [UInt8]
        ) {
            self.addresses = addresses
            self.controlEndpoints = controlEndpoints
            self.cookie = cookie
            self.reportsAllowed = reportsAllowed
            self.makeNonce = makeNonce
        }
    }

    public let policy: Policy

    public init(policy: Policy, context: Context) {
        self.policy = policy
    }

    /// Whether more bytes of the client's are wanted now; false while much waits for tor.
    public var wantsClientBytes: Bool { true }

    /// Feeds bytes that the client sent. Splitting the stream at any other place changes nothing.
    public mutating func receive(fromClient bytes: UnsafeBufferPointer<UInt8>, _ effects: inout Effects) {}

    /// Feeds bytes that tor sent. Splitting the stream at any other place changes nothing.
    public mutating func receive(fromTor bytes: UnsafeBufferPointer<UInt8>, _ effects: inout Effects) {}

    /// The client closed its sending side: `closing` follows once it has been given its replies.
    public mutating func clientFinished(_ effects: inout Effects) {}

    /// The connection that `connectsToTor` asked for is up and authenticated. `version`: tor's, for PROTOCOLINFO.
    public mutating func torConnected(version: [UInt8]?, _ effects: inout Effects) {}

    /// The connection that `connectsToTor` asked for could not be made: what waits for tor is answered `551 reason`.
    public mutating func torUnavailable(_ reason: String, _ effects: inout Effects) {}

    /// Tor closed the connection, or it broke.
    public mutating func torLost(_ effects: inout Effects) {}
}
