import Profiles

/// The files and folders that setting up an application changes.
public struct SystemPlaces: Sendable {
    /// In front of all paths of files that are read or written; empty for the machine itself.
    private let root: String

    /// - Parameter root: another folder in the place of `/`, for tests.
    public init(root: String = "") {
        self.root = root
    }

    /// The folders of profiles, the packages' first.
    var profileFolders: [ProfileDirectory] {
        ProfileDirectory.standard.map { ProfileDirectory(root + $0.path, isRequired: false) }
    }

    /// The drop-in that says who a profile is for.
    func dropIn(of name: ProfileName) -> String { "\(root)/etc/onion-grater.d/\(name).yml.d/enabled.yml" }

    /// The systemd unit of an application's own socket.
    func socketUnit(of name: ProfileName) -> String { "\(root)/etc/systemd/system/\(name.socketUnit)" }

    /// Whether systemd runs here, see sd_booted(3).
    var hasSystemd: Bool { SystemFile.exists("\(root)/run/systemd/system") }

    /// Tor's SOCKS port as a unix socket, as Debian's tor has it.
    var torSOCKSSocket: String? {
        let path = "/run/tor/socks"
        return SystemFile.exists(root + path) ? path : nil
    }
}
