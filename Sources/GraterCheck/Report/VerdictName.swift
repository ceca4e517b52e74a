import FilterEngine

extension Decision.Verdict {
    /// The verdict in one word.
    var name: String {
        switch self {
        case .allowed: "allowed"
        case .rewritten: "rewritten"
        case .tolerated: "tolerated"
        case .answered: "answered"
        case .denied: "denied"
        }
    }
}
