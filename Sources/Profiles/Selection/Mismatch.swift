/// Why a filter does not match a client, criterion by criterion.
public enum Mismatch: Sendable, Hashable {
    /// No element of the qualifier matches. `wanted` are its elements, `found` is what is known of the client: nothing,
    /// or several (numbers and names).
    case differs(Qualifier, wanted: [String], found: [String])
    /// A local client, and the filter gives no qualifier that names an application.
    case namesNoApplication
    /// A local client, and the filter gives `apparmor-profiles` without `users`.
    case lacksUsers
    /// A remote client, and the filter gives no `hosts`.
    case isForLocalClients
}

extension Mismatch: CustomStringConvertible {
    /// A clause about the filter, such as `users lists 'amnesia', and the client is '1000'`.
    public var description: String {
        switch self {
        case .differs(let qualifier, let wanted, let found):
            let has = found.isEmpty ? "of the client none is known" : "the client's is \(quotedList(found))"
            return "'\(qualifier.rawValue)' lists \(wanted.isEmpty ? "nothing" : quotedList(wanted)), and \(has)"
        case .namesNoApplication: return "it names no application, so it matches no local client"
        case .lacksUsers: return "it gives 'apparmor-profiles' without 'users', so it matches no local client"
        case .isForLocalClients: return "it gives no 'hosts', so it matches no remote client"
        }
    }
}
