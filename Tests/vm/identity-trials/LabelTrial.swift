import PeerIdentity

/// One kind of AppArmor label: how a client comes by it, and what the server must make of it.
struct LabelTrial {
    let name: String
    let program: String
    /// What the client does before it connects.
    var orders: [String] = []
    let application: String
    let mode: Label.Mode?

    static let all: [LabelTrial] = [
        LabelTrial(name: "enforce", program: "/opt/vm/good", application: "good", mode: .enforce),
        LabelTrial(name: "complain", program: "/opt/vm/complain", application: "t-complain", mode: .complain),
        LabelTrial(
            name: "spaces", program: "/opt/vm/spaces", application: "my profile (with) spaces", mode: .enforce),
        LabelTrial(
            name: "unconfined", program: "/opt/vm/unconfined", application: "/opt/vm/unconfined", mode: nil),
        LabelTrial(
            name: "child", program: "/opt/vm/parent", orders: ["exec /opt/vm/child"], application: "parent//child",
            mode: .enforce),
        LabelTrial(
            name: "hat", program: "/opt/vm/hatted", orders: ["label changehat 0000000000001234^hat"],
            application: "hatted//hat", mode: .enforce),
        LabelTrial(
            name: "stack", program: "/opt/vm/stacked", orders: ["label stack good"], application: "good//&stacked",
            mode: .enforce),
    ]

    /// Nil if the client is taken for what it is and may speak.
    func problem(on stage: Stage) throws -> String? {
        let actor = try Actor(program)
        for order in orders { try actor.itself.order(order) }
        try actor.itself.order("connect \(stage.path)")
        try stage.identify()
        guard stage.application == application else {
            return "taken for \(stage.application ?? "nobody: \(stage.refusal ?? "")") instead of \(application)"
        }
        return try stage.hears("GETINFO version", from: actor.itself)
    }
}
