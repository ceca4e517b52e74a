import ControlProtocol
import Profiles

/// Own listeners: an onion service leads to this machine only where the client's own application listens.
///
/// The kernel is asked outside. A command that creates a service waits for the answer, and whatever the client sends after it
/// waits too, so that commands keep their order. The services that were created are reviewed once a second for as long as the
/// session lasts.
extension Session {
    /// A command that waits for what is found of its targets.
    struct ListenerCheck: Sendable {
        let command: Command
        /// What the client sent after it.
        var rest: [UInt8] = []
        /// How many bytes of `rest`, from the first one on, somebody else may have sent.
        var doubtful = 0
        var hasClientFinished = false

        mutating func postpone(_ bytes: UnsafeBufferPointer<UInt8>, doubtful count: Int) {
            if count > 0 { doubtful = rest.count + min(count, bytes.count) }
            rest += bytes
        }
    }

    /// Where the client's services lead; the caller looks them up once a second and calls `review`.
    public var watchedTargets: Set<OnionServiceRequest.Target> { watchedServices.targets }
    /// Whether there are any.
    public var watchesTargets: Bool { !watchedServices.isEmpty }

    /// Has the command wait until the targets of its service are known.
    mutating func ask(about targets: [OnionServiceRequest.Target], for command: Command, _ effects: inout Effects) {
        listenerCheck = ListenerCheck(command: command)
        effects.listenerQuestion = targets
    }

    /// The answer to `Effects.listenerQuestion`: the command that waits is judged, and then what the client sent after it.
    public mutating func listenersFound(
        _ findings: [OnionServiceRequest.Target: ListenerFinding], _ effects: inout Effects
    ) {
        guard case .open = client, let check = listenerCheck else { return }
        listenerCheck = nil
        take(check.command, findings: findings, &effects)
        check.rest.withUnsafeBufferPointer { receive(fromClient: $0, doubtful: check.doubtful, &effects) }
        if check.hasClientFinished { clientFinished(&effects) }
    }

    /// What is wrong with the targets of a service, as they were found; nil if nothing is.
    func objection(
        to targets: [OnionServiceRequest.Target], _ findings: [OnionServiceRequest.Target: ListenerFinding]
    ) -> DenialReason? {
        let mayComeLater = (policy.ownListeners?.grace ?? 0) > 0
        for target in targets {
            switch findings[target] {
            case .own?, .elsewhere?: continue
            case .nobody? where mayComeLater: continue
            case let finding?: return .foreignTarget(target, finding)
            case nil: return .foreignTarget(target, .foreign("it was not looked at"))
            }
        }
        return nil
    }

    /// What was found of `watchedTargets`. Services whose application does not listen any longer, or not in time, are deleted.
    public mutating func review(
        _ findings: [OnionServiceRequest.Target: ListenerFinding], _ effects: inout Effects
    ) {
        if case .closed = client { return }
        for (address, reason) in watchedServices.review(findings) {
            guard let command = Command("DEL_ONION", address) else { continue }
            let expectation = Expectation(.confirmation, effect: .onionServiceDeleted(address), isForClient: false)
            effects.decisions.append(Decision(verdict: .withdrawn(reason), command: SecretRedaction.line(of: command)))
            send(command, expecting: expectation, &effects)
        }
    }
}
