import ControlProtocol

/// The TCP ports at which programs on this machine ask tor for streams.
///
/// Tor is asked for them with each connection to it, and again whenever its configuration has changed; never twice at once.
struct ListenerPorts: Sendable {
    private enum State {
        /// Tor must be asked.
        case unknown
        /// It has told these so far. `isOutdated`: its configuration has changed since.
        case asked(told: Set<UInt16>, isOutdated: Bool)
        case known(Set<UInt16>)
    }

    private var state = State.unknown

    /// What GETINFO is to tell: the ports for SOCKS, and those for HTTP's CONNECT.
    static let keys = ["net/listeners/socks", "net/listeners/httptunnel"].map { Array($0.utf8) }

    /// Nil while they are being found out.
    var known: Set<UInt16>? {
        if case .known(let ports) = state { ports } else { nil }
    }

    /// Whether to ask tor now; the answer counts as asking.
    mutating func ask() -> Bool {
        guard case .unknown = state else { return false }
        state = .asked(told: [], isOutdated: false)
        return true
    }

    /// Takes a line of tor's answer: a keyword, and a list of quoted addresses and paths of unix sockets.
    mutating func record(_ line: [UInt8]) {
        guard case .asked(let told, let isOutdated) = state, let equals = line.firstIndex(of: .equals) else { return }
        let ports = line[(equals + 1)...].split(separator: .space).compactMap { listener -> UInt16? in
            let address = listener.filter { $0 != .quote }
            guard !address.starts(with: "unix:".utf8), let colon = address.lastIndex(of: UInt8(ascii: ":")) else {
                return nil
            }
            return UInt16(String(decoding: address[(colon + 1)...], as: UTF8.self))
        }
        state = .asked(told: told.union(ports), isOutdated: isOutdated)
    }

    /// Tor's answer has come to its end; one that refuses tells no port.
    mutating func answered() {
        guard case .asked(let told, let isOutdated) = state else { return }
        state = isOutdated ? .unknown : .known(told)
    }

    /// Tor may have other ports from now on.
    mutating func configurationChanged() {
        switch state {
        case .unknown: break
        case .asked(let told, _): state = .asked(told: told, isOutdated: true)
        case .known: state = .unknown
        }
    }
}
