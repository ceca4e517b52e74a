/// The drop-in that makes a profile one for certain clients of this machine alone, whatever it says itself.
enum DropInText {
    static func text(for access: ClientAccess, of name: ProfileName) -> String {
        var lists: [(key: String, value: String?)] = [
            ("apparmor-profiles", nil), ("flatpaks", nil), ("users", nil), ("groups", nil), ("units", nil),
            ("sockets", nil),
        ]
        func set(_ key: String, _ value: String) {
            for index in lists.indices where lists[index].key == key { lists[index].value = value }
        }
        switch access {
        case .user(let user):
            set("users", user)
            set("sockets", "\(name)")
        case .group(let group):
            set("groups", group)
            set("sockets", "\(name)")
        case .unit(let unit): set("units", unit)
        }
        let lines = lists.map { "\($0.key): \($0.value.map { "['\($0)']" } ?? "~")\n" }
        return "\(OwnSocket.mark)\n" + lines.joined()
    }
}
