import ControlProtocol
import Profiles
import ServiceInterface

/// Everything that a server must know before it starts.
public struct Configuration: Sendable {
    /// A place to listen on.
    public enum Listening: Sendable, Hashable {
        /// `name`: what profiles call the socket (`sockets`).
        case unix(path: String, name: String, access: SocketAccess = .everyone)
        /// Port 0 lets the kernel choose one.
        case tcp(IPAddress, port: UInt16)
        /// All addresses that the network interface has when the server starts, link-local ones aside.
        case interface(String, port: UInt16)
        /// One that is there already.
        case inherited(InheritedSocket)
    }

    /// Where clients come. Never empty in a server that starts.
    public var listening: [Listening]
    /// Where tor is.
    public var upstream: Upstream
    /// Where profiles are; later folders override earlier ones.
    public var profiles: [ProfileDirectory]
    /// Whether the profiles are reloaded when they change.
    public var watchesProfiles = false
    /// Whether every profile lets through and logs what it does not list.
    public var complains: Bool
    /// Where clients find a cookie to authenticate with; nil where they are to have none.
    public var cookiePath: String?
    /// Whether clients are refused of whom the kernel keeps no label from the time of their connect(2).
    public var requiresPeersec: Bool
    /// How much a session may hold, and how long it may take.
    public var limits: SessionLimits
    /// Limits, overall and per user.
    public var quota: Quota
    /// Nil for none.
    public var adminSocket: AdminSocket?
    /// Where the metrics are served over HTTP; nil for nowhere.
    public var metricsAddress: SocketAddress?
    /// Whether clients of one user alone are served, with this policy instead of those of `profiles`.
    public var privateUse: PrivateUse?

    public init(
        listening: [Listening] = Configuration.standardListening, upstream: Upstream = Upstream(),
        profiles: [ProfileDirectory] = ProfileDirectory.standard, complains: Bool = false, cookiePath: String? = nil,
        requiresPeersec: Bool = false, limits: SessionLimits = SessionLimits(), quota: Quota = Quota(),
        adminSocket: AdminSocket? = nil
    ) {
        self.listening = listening
        self.upstream = upstream
        self.profiles = profiles
        self.complains = complains
        self.cookiePath = cookiePath
        self.requiresPeersec = requiresPeersec
        self.limits = limits
        self.quota = quota
        self.adminSocket = adminSocket
    }

    /// The socket that applications look for, and what it is called.
    public static let standardSocket = Listening.unix(path: standardSocketPath, name: "control")
    /// Where applications look for it.
    public static let standardSocketPath = "/run/onion-grater/control"
    /// Beside that socket, as tor's is beside its own.
    public static let standardCookiePath = "/run/onion-grater/control.authcookie"
    /// The originals' port.
    public static let standardPort: UInt16 = 951
    /// The standard socket, and the originals' port on 127.0.0.1.
    public static let standardListening = [standardSocket] + loopback.map { .tcp($0, port: standardPort) }

    /// 127.0.0.1, in a form that needs no unwrapping.
    static let loopback = IPAddress(bytes: [127, 0, 0, 1]).map { [$0] } ?? []
}
