import Glibc
import PeerIdentity

/// A client in a control group, and perhaps in a sandbox: what the server must make of it, with AppArmor or without.
struct GroupTrial {
    let name: String
    let controlGroup: String
    /// What `/.flatpak-info` is like and which application it names; nil without a sandbox.
    var sandbox: (kind: String, id: String)?
    /// Whether its user has put it into a pid namespace of its own, as Flatpak does.
    var isInNamespaces = false
    let unit: Unit
    let flatpak: String?

    private static let id = "org.example.App"
    private static let user = "/user.slice/user-0.slice/user@0.service/app.slice/"
    private static let scope = "app-flatpak-org.example.App-7.scope"

    static let all: [GroupTrial] =
        [
            GroupTrial(
                name: "a unit of the system", controlGroup: "/system.slice/app.service",
                unit: Unit(manager: .system, name: "app.service"), flatpak: nil),
            GroupTrial(
                name: "an instance of a template", controlGroup: "/system.slice/system-app.slice/app@1.service",
                unit: Unit(manager: .system, name: "app@1.service"), flatpak: nil),
            GroupTrial(
                name: "a user's unit of the same name", controlGroup: user + "app.service",
                unit: Unit(manager: .user(0), name: "app.service"), flatpak: nil),
            GroupTrial(
                name: "a Flatpak", controlGroup: user + scope, sandbox: ("genuine", id),
                unit: Unit(manager: .user(0), name: scope), flatpak: id),
            GroupTrial(
                name: "a Flatpak in namespaces", controlGroup: user + scope, sandbox: ("genuine", id),
                isInNamespaces: true, unit: Unit(manager: .user(0), name: scope), flatpak: id),
            GroupTrial(
                name: "a sandbox outside of a scope", controlGroup: user + "app.service", sandbox: ("genuine", id),
                unit: Unit(manager: .user(0), name: "app.service"), flatpak: nil),
            GroupTrial(
                name: "a sandbox in another user's scope",
                controlGroup: "/user.slice/user-7.slice/user@7.service/" + scope, sandbox: ("genuine", id),
                unit: Unit(manager: .user(7), name: scope), flatpak: nil),
            GroupTrial(
                name: "a sandbox that names another application", controlGroup: user + scope,
                sandbox: ("genuine", "org.example.Other"), unit: Unit(manager: .user(0), name: scope), flatpak: nil),
            GroupTrial(
                name: "a scope without a sandbox", controlGroup: user + scope,
                unit: Unit(manager: .user(0), name: scope), flatpak: nil),
        ]
        + ["writable", "unmounted", "linked", "pipe"].map { kind in
            GroupTrial(
                name: "a file that is \(kind)", controlGroup: user + scope, sandbox: (kind, id),
                unit: Unit(manager: .user(0), name: scope), flatpak: nil)
        }

    /// Nil if the client is taken for what it is and may speak, and its child may not once it is in another group.
    func problem(on stage: Stage) throws -> String? {
        let actor = try Actor("/opt/vm/unconfined")
        var (client, child) = (actor.itself, actor.child)
        try client.order("join \(Kernel.makeControlGroup(controlGroup))")
        if isInNamespaces {
            try client.order("namespaces")
            try client.fork(to: child)
            (client, child) = (child, actor.grandchild)
        }
        try client.order("connect \(stage.path)")
        try client.fork(to: child)
        try child.order("join \(Kernel.makeControlGroup("/system.slice/other.service"))")
        if let sandbox { try client.order("sandbox \(sandbox.kind) \(sandbox.id)") }
        try stage.identify()
        guard let peer = stage.peer else { return stage.refusal ?? "refused" }
        guard peer.unit == unit, peer.flatpak == flatpak else {
            return "taken for unit \(peer.unit?.description ?? "-"), flatpak \(peer.flatpak ?? "-")"
        }
        if let problem = try stage.hears("GETINFO version", from: client) { return problem }
        try child.order("send GETINFO version")
        return stage.receive() == nil ? nil : "a child in another unit is heard"
    }
}
