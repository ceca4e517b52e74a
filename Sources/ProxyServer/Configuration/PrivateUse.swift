import FilterEngine
import Profiles

/// Settings of a server for one user and one policy: for trying a profile with its application.
public struct PrivateUse: Sendable {
    /// What happens in a session.
    public enum Observation: Sendable {
        case fromClient([UInt8])
        case decided(Decision)
        case toTor([UInt8])
        case fromTor([UInt8])
        case toClient([UInt8])
        /// The client closed its sending side.
        case clientFinished
        case closing(Closing)
    }

    /// What each client gets, whatever program it is. Clients of other users than the server's are refused.
    public var policy: Policy
    /// Is told what happens, in its order, on the queue of the session with this number: it must not wait.
    public var observe: @Sendable (_ session: UInt64, Observation) -> Void

    public init(policy: Policy, observe: @escaping @Sendable (_ session: UInt64, Observation) -> Void) {
        self.policy = policy
        self.observe = observe
    }
}
