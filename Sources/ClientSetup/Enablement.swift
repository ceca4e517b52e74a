import Glibc
import PeerIdentity
import Profiles

/// Makes a profile work on a machine without AppArmor, and takes that back: the application gets a socket of its own, or is known
/// by its unit, and a drop-in tells the profile so.
///
/// Invariant: either all of it is done, or an error is thrown and the files are as they were.
public struct Enablement {
    private let places: SystemPlaces
    private let run: ([String]) throws(SetupFailure) -> Void

    static let service = "onion-grater.service"
    /// How often the service is stopped to start a socket: a client of another socket may start it in between.
    private static let attempts = 5

    /// - Parameters:
    ///   - places: the machine's files and folders.
    ///   - run: runs a program of the system to its end, and throws if that fails.
    public init(
        places: SystemPlaces = SystemPlaces(),
        run: @escaping ([String]) throws(SetupFailure) -> Void = SystemCommand.run
    ) {
        self.places = places
        self.run = run
    }

    /// Lets `access` use the profile `name`, and nobody else. What an earlier call did is replaced.
    ///
    /// - Parameters:
    ///   - name: the profile.
    ///   - access: who may use it.
    ///   - port: a TCP port of 127.0.0.1 for the application's own; only with a user or a group.
    /// - Returns: what the application must be told, for a person.
    public func enable(_ name: ProfileName, for access: ClientAccess, port: UInt16? = nil) throws(SetupFailure)
        -> String
    {
        let profile = try ChosenProfile(name, in: places.profileFolders)
        try check(access)
        let dropIn = places.dropIn(of: name)
        let unit = places.socketUnit(of: name)
        let socket = access.needsSocket ? OwnSocket(name, port: port) : nil
        let previous = try Previous(dropIn: ownText(dropIn), unit: ownText(unit))
        let isOldPort = previous.unit.flatMap { OwnSocket(name, unit: $0) }?.port == port
        if let port, !isOldPort { try checkIsFree(port) }
        guard places.hasSystemd else { throw SetupFailure(Self.systemdIsMissing) }
        if case .group(let group) = access, NameService.id(ofGroup: group) == nil {
            try run(["groupadd", "--system", group])
        }
        var isApplied = false
        do throws(SetupFailure) {
            if let socket { try SystemFile.write(socket.unitText(for: access), to: unit) }
            try SystemFile.write(DropInText.text(for: access, of: name, hasPort: port != nil), to: dropIn)
            try ChosenProfile(name, in: places.profileFolders).checkIsAlone()
            isApplied = true
            if socket == nil, previous.unit != nil { try stopSocket(name) }
            try apply(hasSocket: socket != nil, name)
            if socket == nil { try SystemFile.remove(unit) }
        } catch {
            restore(previous, name, isApplied: isApplied)
            throw SetupFailure("\(error)\nAll files are as they were before.")
        }
        return SetupReport.enabled(
            name, for: access, profile: profile.path, environment: try ClientEnvironment(name, places: places))
    }

    /// Takes back what `enable` did.
    ///
    /// - Returns: what is left to do, for a person.
    public func disable(_ name: ProfileName) throws(SetupFailure) -> String {
        let dropIn = places.dropIn(of: name)
        let unit = places.socketUnit(of: name)
        let previous = try Previous(dropIn: ownText(dropIn), unit: ownText(unit))
        guard previous.dropIn != nil || previous.unit != nil else {
            throw SetupFailure("'\(name)' is not enabled: there is neither \(dropIn) nor \(unit)")
        }
        if previous.unit != nil { try stopSocket(name) }
        try SystemFile.remove(unit)
        try SystemFile.remove(dropIn)
        if previous.unit != nil {
            try run(["systemctl", "daemon-reload"])
            // A reload would leave the socket open in the daemon.
            try run(["systemctl", "try-restart", Self.service])
        } else {
            try run(["systemctl", "try-reload-or-restart", Self.service])
        }
        return SetupReport.disabled(name, group: previous.group)
    }

    private static let systemdIsMissing =
        "systemd does not run here: start the daemon with --listen-socket NAME=PATH,group=GROUP, and put \"sockets: ['NAME']\" "
        + "into a drop-in (onion-grater.d(5))"

    /// Files before a change.
    private struct Previous {
        let dropIn: String?
        let unit: String?

        /// The group that its socket is for.
        var group: String? {
            let line = unit?.split(separator: "\n").first { $0.hasPrefix("SocketGroup=") }
            return line.map { String($0.dropFirst("SocketGroup=".count)) }
        }
    }

    /// What an earlier call wrote; nil if there is no file. Throws if the file is an administrator's.
    private func ownText(_ path: String) throws(SetupFailure) -> String? {
        guard let text = try SystemFile.text(path) else { return nil }
        guard text.hasPrefix(OwnSocket.mark) else {
            throw SetupFailure(
                "\(path) was not made by 'onion-grater enable', and is left alone: move it out of the way")
        }
        return text
    }

    private func check(_ access: ClientAccess) throws(SetupFailure) {
        let name =
            switch access {
            case .user(let name), .group(let name), .unit(let name): name
            }
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "-_.@:*".unicodeScalars.contains(scalar)
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("-") else {
            throw SetupFailure("\(quoted(name)) is not a name that can be written into a systemd unit")
        }
        switch access {
        case .user: guard NameService.id(ofUser: name) != nil else { throw SetupFailure("there is no user '\(name)'") }
        case .group: break
        case .unit:
            guard name.contains(".") else {
                throw SetupFailure("'\(name)' is not the name of a unit: it ends in '.service', '.scope' or the like")
            }
        }
    }

    private func checkIsFree(_ port: UInt16) throws(SetupFailure) {
        let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SetupFailure("cannot make a socket: \(ErrorNumber.text(errno))") }
        let descriptor = FileDescriptor(owning: raw)
        var yes: Int32 = 1
        setsockopt(descriptor.rawValue, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw SetupFailure("port \(port) of 127.0.0.1 cannot be used: \(ErrorNumber.text(errno))")
        }
    }

    /// Has systemd and the daemon take up what the files say.
    private func apply(hasSocket: Bool, _ name: ProfileName) throws(SetupFailure) {
        try run(["systemctl", "daemon-reload"])
        guard hasSocket else { return try run(["systemctl", "reload-or-restart", Self.service]) }
        try run(["systemctl", "enable", name.socketUnit])
        var attempt = 1
        while true {
            // A socket cannot be started while its service runs.
            try run(["systemctl", "stop", Self.service])
            do throws(SetupFailure) {
                try run(["systemctl", "restart", name.socketUnit])
                break
            } catch {
                guard attempt < Self.attempts else { throw error }
                attempt += 1
            }
        }
        try run(["systemctl", "start", Self.service])
    }

    private func stopSocket(_ name: ProfileName) throws(SetupFailure) {
        try run(["systemctl", "disable", "--now", name.socketUnit])
    }

    /// Puts files back after a failure, which is told anyway: nothing is said of what cannot be put back either.
    ///
    /// - Parameter isApplied: whether systemd was asked to do anything.
    private func restore(_ previous: Previous, _ name: ProfileName, isApplied: Bool) {
        if isApplied, previous.unit == nil { try? stopSocket(name) }
        for (path, text) in [(places.dropIn(of: name), previous.dropIn), (places.socketUnit(of: name), previous.unit)] {
            if let text { try? SystemFile.write(text, to: path) } else { try? SystemFile.remove(path) }
        }
        guard isApplied else { return }
        try? apply(hasSocket: previous.unit != nil, name)
        // Whatever else cannot be had, the daemon runs for all other applications.
        try? run(["systemctl", "start", Self.service])
    }
}

extension ClientAccess {
    /// Whether the application needs a socket of its own.
    fileprivate var needsSocket: Bool {
        switch self {
        case .user, .group: true
        case .unit: false
        }
    }
}
