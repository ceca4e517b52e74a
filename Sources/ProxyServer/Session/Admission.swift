import ControlProtocol
import Glibc
import PeerIdentity
import Profiles

/// Whether a client gets a session, and under which policy.
enum Admission {
    case admitted(PeerIdentifier.Identification, PolicyBinding)
    /// Known, and no filter is for it.
    case unmatched(Peer, why: String)
    /// Known, and more than one filter is for it.
    case ambiguous(Peer, why: String)
    /// The kernel cannot tell who it is.
    case unidentified(IdentityError)

    /// Asks the kernel who `client` is, and then `policies` what it may do. May take a while: names of users can come over
    /// the network.
    ///
    /// - Parameter only: the policy of all clients of this process's user, where nobody else is served.
    init(
        of client: SocketStream, listenerName: String?, policies: PolicyTable, only: Policy? = nil,
        requiresPeersec: Bool
    ) {
        do throws(IdentityError) {
            let identification = try client.identify(requiresPeersec: requiresPeersec)
            let peer = identification.peer
            if let only {
                self =
                    peer.credentials?.uid == geteuid()
                    ? .admitted(identification, .fixed(only)) : .unmatched(peer, why: "it is another user's")
                return
            }
            let client = ClientDescription(peer, listenerName: listenerName)
            switch policies.choose(for: client) {
            case .policy(let policy): self = .admitted(identification, .chosen(policy, for: client, from: policies))
            case .ambiguous(let matches):
                self = .ambiguous(peer, why: PolicyTable.Choice.ambiguous(matches).explanation)
            case let choice: self = .unmatched(peer, why: choice.explanation + Self.hint(peer, policies))
            }
        } catch {
            self = .unidentified(error)
        }
    }
}

extension Admission {
    /// What else is good to know of a client that no filter is for: a program of this machine that comes from an address which
    /// some filter's `hosts` lists is a local client all the same, for any program here can come from there.
    private static func hint(_ peer: Peer, _ policies: PolicyTable) -> String {
        guard case .loopback(let address, _) = peer.origin, !address.isLoopback,
            let profile = policies.profiles.first(where: {
                $0.qualifiers.hosts?.contains { $0.matches(address) } == true
            })
        else { return "" }
        return
            "; it connects from \(address), which 'hosts' of '\(profile.name)' lists, but runs on this machine, and 'hosts' is "
            + "for others: give that filter 'apparmor-profiles', 'units', 'flatpaks' or 'sockets', or write one beside it"
    }
}

extension ClientDescription {
    /// What is known of `peer`, who came through the listener called `listenerName`.
    public init(_ peer: Peer, listenerName: String?) {
        let origin: Origin
        switch peer.origin {
        case .remote(let address, _): origin = .remote(address)
        case .unixSocket, .loopback: origin = .local(socket: listenerName)
        }
        let label: Label
        if let known = peer.label, !known.isUnconfined {
            label = .confined(known.name)
        } else {
            label = .unconfined(executable: peer.application)
        }
        self.init(
            origin: origin, label: label, uid: peer.credentials?.uid, userName: peer.userName,
            gids: peer.groups.map(\.id), groupNames: peer.groups.compactMap(\.name),
            unit: Self.unit(of: peer), flatpak: peer.flatpak)
    }

    /// A unit of another user's manager is that user's doing and tells nothing of the client, which has changed its user since.
    private static func unit(of peer: Peer) -> UnitName? {
        guard let unit = peer.unit else { return nil }
        switch unit.manager {
        case .system: return UnitName(manager: .system, name: unit.name)
        case .user(let uid): return uid == peer.credentials?.uid ? UnitName(manager: .user, name: unit.name) : nil
        }
    }
}
