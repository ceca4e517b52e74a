import ControlProtocol
import Profiles

/// What belongs to the client, for profiles that restrict it to its own.
struct Ownership: Sendable {
    /// In tor-browser-mode.
    private(set) var streams: OwnStreams?
    /// Under only-own-onions.
    private(set) var onionServices: OwnOnionServices?

    /// Nil if the policy restricts nothing of the kind.
    init?(_ policy: Policy, remoteAddress: IPAddress?, onionServices: Set<[UInt8]>) {
        guard policy.torBrowserMode || policy.onlyOwnOnions else { return nil }
        streams = policy.torBrowserMode ? OwnStreams(remoteAddress: remoteAddress) : nil
        self.onionServices = policy.onlyOwnOnions ? OwnOnionServices(onionServices) : nil
    }

    /// The same under a new policy: what was known to be the client's stays so, where it matters still.
    func adopting(_ policy: Policy, remoteAddress: IPAddress?, onionServices: Set<[UInt8]>) -> Ownership? {
        var new = Ownership(policy, remoteAddress: remoteAddress, onionServices: onionServices)
        if policy.torBrowserMode, let streams { new?.streams = streams }
        return new
    }

    /// What becomes of an event.
    mutating func judge(_ name: Keyword, _ lines: [ReplyLine]) -> OwnStreams.Verdict {
        guard onionServices?.shows(name, lines) ?? true else { return .hide }
        return streams?.judge(name, lines) ?? .show(lines)
    }

    /// Whether the client may see a line of a list.
    func shows(_ line: [UInt8], in list: OwnedList) -> Bool {
        let name = Array(line.prefix { $0 != .space })
        switch list {
        case .circuits: return streams?.has(circuit: name) ?? true
        case .streams: return streams?.has(stream: name) ?? true
        case .currentOnionServices, .detachedOnionServices: return onionServices?.contains(name) ?? true
        }
    }

    /// It was found out whether the client is at `source`; what waited for it and may be seen.
    mutating func resolve(_ source: StreamSource, isOwn: Bool) -> [[ReplyLine]] {
        streams?.resolve(source, isOwn: isOwn) ?? []
    }

    /// Whether the client may delete an onion service.
    func mayDelete(onionService address: [UInt8]) -> Bool {
        onionServices?.contains(address) ?? true
    }

    /// Whether to ask tor for its ports now; the answer counts as asking.
    mutating func askForPorts() -> Bool { streams?.askForPorts() ?? false }

    mutating func record(listeners line: [UInt8]) {
        streams?.record(listeners: line)
    }

    /// Tor has answered; what can be found out now that waited for it.
    mutating func portsTold() -> [StreamSource] { streams?.portsTold() ?? [] }

    mutating func add(onionService address: [UInt8]) {
        onionServices?.insert(address)
    }

    mutating func remove(onionService address: [UInt8]) {
        onionServices?.remove(address)
    }

    /// Tor restarts the numbers of its streams and circuits with each start.
    mutating func forgetStreams() {
        streams?.forget()
    }
}

extension Policy {
    /// The events that tor must send whatever the client has subscribed to.
    func neededEvents(isRemote: Bool) -> Set<Keyword> {
        torBrowserMode ? OwnStreams.neededEvents(isRemote: isRemote) : []
    }
}
