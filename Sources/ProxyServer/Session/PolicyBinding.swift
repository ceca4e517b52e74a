import Profiles

/// The policy of a session, and its origin.
enum PolicyBinding {
    /// Whatever the profiles are.
    case fixed(Policy)
    /// The one of all that is `client`'s.
    case chosen(Policy, for: ClientDescription, from: PolicyTable)

    /// What becomes of a binding when there are other profiles.
    enum Renewal {
        /// It has been taken from those already.
        case unchanged
        /// The client's profile goes by the same name still.
        case renewed(PolicyBinding)
        case withdrawn(why: String)
    }

    var policy: Policy {
        switch self {
        case .fixed(let policy), .chosen(let policy, _, _): policy
        }
    }

    /// What becomes of it under `policies`.
    func renewal(from policies: PolicyTable) -> Renewal {
        guard case .chosen(let policy, let client, let current) = self, current !== policies else { return .unchanged }
        switch policies.choose(for: client) {
        case .policy(let new) where new.name == policy.name: return .renewed(.chosen(new, for: client, from: policies))
        case .policy(let new): return .withdrawn(why: "the client's profile is '\(new.name)' now")
        case let choice: return .withdrawn(why: choice.explanation)
        }
    }
}

extension PolicyTable.Choice {
    /// Why a client has no policy, in the words of the log.
    var explanation: String {
        switch self {
        case .policy(let policy): return "its profile is '\(policy.name)'"
        case .none(let nearest):
            guard let miss = nearest.first else { return "no profiles are loaded" }
            let reasons = miss.mismatches.map(\.description).joined(separator: "; ")
            return "no filter matches; the nearest is '\(miss.name)' (\(miss.location)): \(reasons)"
        case .ambiguous(let matches):
            return
                "several profiles match this client, so none is used: \(matches.map(\.description).joined(separator: ", "))"
        }
    }
}
