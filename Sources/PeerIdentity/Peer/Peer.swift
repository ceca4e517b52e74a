import ControlProtocol
import Glibc

/// Who is at the other end of a socket, as far as the kernel could tell.
///
/// What is nil could not be known, and matches nothing.
public struct Peer: Hashable, Sendable {
    /// Where the connection comes from.
    public enum Origin: Hashable, Sendable {
        case unixSocket
        /// TCP from this machine.
        case loopback(IPAddress, port: UInt16)
        /// TCP from another one; nothing but the address is known.
        case remote(IPAddress, port: UInt16)
    }

    /// How the label, or what stands for it, was learnt.
    public enum Evidence: Hashable, Sendable {
        /// The kernel's record of the time of connect(2): no later exec changes it.
        case peersec
        /// The label of the connecting process, read when the connection was accepted.
        case processLabel
        /// The process is unconfined, and its program's path stands for a label.
        case executable
        /// Found among the holders of a TCP connection's other end.
        case socketDiagnostics
        /// A remote address, or a process of which nothing but its user is known.
        case none
    }

    /// A group that the process is in.
    public struct Group: Hashable, Sendable {
        /// Its number.
        public let id: gid_t
        /// Nil for a group without a name.
        public let name: String?

        public init(id: gid_t, name: String?) {
            self.id = id
            self.name = name
        }
    }

    /// Over what it came.
    public let origin: Origin
    /// The process, its user and its group; nil for a remote peer.
    public let credentials: PeerCredentials?
    /// The name of `credentials.uid`.
    public let userName: String?
    /// The primary group and the supplementary ones.
    public let groups: [Group]
    /// Nil where the kernel has no AppArmor, and for a remote peer.
    public let label: Label?
    /// Nil where the process has ended, and for a remote peer.
    public let executable: Executable?
    /// Nil where it runs in none, and for a remote peer.
    public let unit: Unit?
    /// The id of the Flatpak application that it is.
    public let flatpak: String?
    /// How the label, or what stands for it, was learnt.
    public let evidence: Evidence

    public init(
        origin: Origin, credentials: PeerCredentials? = nil, userName: String? = nil, groups: [Group] = [],
        label: Label? = nil, executable: Executable? = nil, unit: Unit? = nil, flatpak: String? = nil,
        evidence: Evidence = .none
    ) {
        self.origin = origin
        self.credentials = credentials
        self.userName = userName
        self.groups = groups
        self.label = label
        self.executable = executable
        self.unit = unit
        self.flatpak = flatpak
        self.evidence = evidence
    }

    /// What a profile's `apparmor-profiles` are compared with: the label's name, or for a process that no profile applies
    /// to the path of its program. Nil matches nothing.
    public var application: String? {
        if let label, !label.isUnconfined { return label.name }
        return executable?.path
    }
}
