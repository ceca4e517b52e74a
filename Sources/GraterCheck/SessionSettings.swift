import ControlProtocol
import FilterEngine
import Profiles

/// What a session that is only played is given in the place of what the daemon knows: the settings of a transcript's
/// session (`key: value` lines at its head), and options of `try`.
public struct SessionSettings: Sendable {
    /// Where the profile is found.
    public enum Profile: Sendable, Hashable {
        /// Beside the transcript, by this path, which is relative to the transcript's folder.
        case file(String)
        /// In the transcript itself. Empty lines stand in for what precedes it, so that positions are those in the
        /// transcript.
        case inline([UInt8])
    }

    /// Every key that may be written, and what it sets.
    public enum Key: String, CaseIterable, Sendable {
        case profile
        case filter
        case clientAddress = "client-address"
        case clientPort = "client-port"
        case serverAddress = "server-address"
        case serverPort = "server-port"
        case torVersion = "tor-version"
        case cookie
        case nonce
        case controlPort = "control-port"
        case controlSocket = "control-socket"
        case localAddress = "local-address"
        case listener
        case otherListener = "other-listener"
    }

    /// Nil where the caller brings a policy.
    public internal(set) var profile: Profile?
    /// The filter's name, where the profile has several.
    public internal(set) var filter: String?
    /// An IPv4 or IPv6 address, without brackets; one that is not loopback makes the client a remote one.
    public internal(set) var clientAddress = "127.0.0.1"
    /// From 0 to 65535.
    public internal(set) var clientPort = "40000"
    /// An IPv4 or IPv6 address, without brackets.
    public internal(set) var serverAddress = "127.0.0.1"
    /// From 0 to 65535.
    public internal(set) var serverPort = "951"
    /// What tor's PROTOCOLINFO says.
    public internal(set) var torVersion = "0.4.9.11"
    /// The 32 bytes that clients may authenticate with; nil where there is no cookie.
    public internal(set) var cookie: [UInt8]?
    /// Every nonce that the session draws.
    public internal(set) var nonce = [UInt8](repeating: 0, count: 32)
    /// Where onion services may never lead.
    public internal(set) var controlEndpoints = ControlEndpoints(
        unixPaths: ["/run/tor/control", "/run/onion-grater/control"], ports: [9051, 951]
    )

    /// Who listens where onion services are to lead.
    var listeners = PlayedListeners()

    public init() {}

    /// What a session of the engine is created with.
    public var context: Session.Context {
        let nonce = nonce
        return Session.Context(
            addresses: ConnectionAddresses(
                clientAddress: Self.host(clientAddress), clientPort: Array(clientPort.utf8),
                serverAddress: Self.host(serverAddress), serverPort: Array(serverPort.utf8)
            ),
            remoteAddress: IPAddress(clientAddress).flatMap { $0.isLoopback ? nil : $0 },
            controlEndpoints: controlEndpoints, cookie: cookie, reportsAllowed: true, makeNonce: { nonce }
        )
    }

    /// Sets what `key` names. Throws a message that says what is wrong with the value.
    public mutating func set(_ key: Key, to value: String) throws(InvalidSetting) {
        guard !value.isEmpty else { throw InvalidSetting(message: "'\(key.rawValue)' needs a value") }
        switch key {
        case .profile: profile = .file(value)
        case .filter: filter = value
        case .clientAddress: clientAddress = try Self.address(value).description
        case .clientPort: clientPort = String(try Self.port(value))
        case .serverAddress: serverAddress = try Self.address(value).description
        case .serverPort: serverPort = String(try Self.port(value))
        case .torVersion: torVersion = value
        case .cookie: cookie = try Self.secret(value)
        case .nonce: nonce = try Self.secret(value)
        case .controlPort: controlEndpoints.ports.insert(try Self.port(value))
        case .controlSocket: controlEndpoints.unixPaths.append(value)
        case .localAddress:
            controlEndpoints.localAddresses.append(try Self.address(value))
            listeners.localAddresses = controlEndpoints.localAddresses
        case .listener: listeners[try Self.target(value)] = .own
        case .otherListener: listeners[try Self.target(value)] = PlayedListeners.foreign
        }
    }

    /// Why a setting's value is refused.
    public struct InvalidSetting: Error {
        /// What is wrong with the value, as a sentence.
        public let message: String
    }

    /// As the daemon has it: an IPv6 address stands in brackets.
    private static func host(_ address: String) -> [UInt8] {
        Array((address.contains(":") ? "[\(address)]" : address).utf8)
    }

    private static func address(_ value: String) throws(InvalidSetting) -> IPAddress {
        guard let address = IPAddress(value) else {
            throw InvalidSetting(message: "'\(value)' is not an IPv4 or IPv6 address")
        }
        return address
    }

    private static func target(_ value: String) throws(InvalidSetting) -> OnionServiceRequest.Target {
        guard let target = PlayedListeners.target(value) else {
            throw InvalidSetting(message: "'\(value)' is not a target of ADD_ONION: PORT, ADDRESS:PORT or unix:PATH")
        }
        return target
    }

    private static func port(_ value: String) throws(InvalidSetting) -> UInt16 {
        guard let port = UInt16(value) else { throw InvalidSetting(message: "'\(value)' is not a port (0 to 65535)") }
        return port
    }

    private static func secret(_ value: String) throws(InvalidSetting) -> [UInt8] {
        guard let bytes = Hexadecimal.decode(value.utf8), bytes.count == 32 else {
            throw InvalidSetting(message: "32 bytes are needed, written as 64 hexadecimal digits")
        }
        return bytes
    }
}
