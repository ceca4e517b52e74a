import ControlProtocol
import Profiles

extension Session {
    /// What a session is created with, apart from its policy.
    public struct Context: Sendable {
        /// What the address fields of replacements stand for.
        public var addresses: ConnectionAddresses
        /// Where a remote client is; nil for one on this machine.
        public var remoteAddress: IPAddress?
        /// Under only-own-onions, the onion services of earlier sessions of the same profile, without `.onion`.
        public var onionServices: Set<[UInt8]>
        /// Where onion services may never lead.
        public var controlEndpoints: ControlEndpoints
        /// The 32 bytes of the cookie that clients may prove they know; nil where there is no cookie file.
        public var cookie: [UInt8]?
        /// 32 fresh random bytes at each call.
        public var makeNonce: @Sendable () -> [UInt8]
        /// Whether a client must say AUTHENTICATE before anything else, as tor demands, though any secret will do.
        public var requiresAuthentication: Bool
        /// Whether commands let through are reported in `Effects.decisions` too, not only denials.
        public var reportsAllowed: Bool
        /// How much a client may send before it comes to an end.
        public var limits: CommandParser.Limits

        public init(
            addresses: ConnectionAddresses, remoteAddress: IPAddress? = nil, onionServices: Set<[UInt8]> = [],
            controlEndpoints: ControlEndpoints = ControlEndpoints(),
            cookie: [UInt8]? = nil, requiresAuthentication: Bool = false, reportsAllowed: Bool = false,
            limits: CommandParser.Limits = CommandParser.Limits(),
            makeNonce: @escaping @Sendable () -> [UInt8]
        ) {
            self.addresses = addresses
            self.remoteAddress = remoteAddress
            self.onionServices = onionServices
            self.controlEndpoints = controlEndpoints
            self.cookie = cookie
            self.requiresAuthentication = requiresAuthentication
            self.reportsAllowed = reportsAllowed
            self.limits = limits
            self.makeNonce = makeNonce
        }
    }
}
