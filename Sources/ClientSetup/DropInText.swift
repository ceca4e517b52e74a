/// The drop-in that makes a profile one for certain clients of this machine alone, whatever it says itself.
enum DropInText {
    /// - Parameter hasPort: whether the application has a TCP port beside its socket.
    static func text(for access: ClientAccess, of name: ProfileName, hasPort: Bool = false) -> String {
        let sockets = ["\(name)"] + (hasPort ? ["tcp:\(name)"] : [])
        var lists: [(key: String, values: [String])] = [
            "apparmor-profiles", "flatpaks", "users", "groups", "units", "sockets",
        ]
        .map { ($0, []) }
        func set(_ key: String, _ values: [String]) {
            for index in lists.indices where lists[index].key == key { lists[index].values = values }
        }
        switch access {
        case .user(let user):
            set("users", [user])
            set("sockets", sockets)
        case .group(let group):
            set("groups", [group])
            set("sockets", sockets)
        case .unit(let unit): set("units", [unit])
        }
        let lines = lists.map { list in
            let values = list.values.map { "'\($0)'" }.joined(separator: ", ")
            return "\(list.key): \(list.values.isEmpty ? "~" : "[\(values)]")\n"
        }
        return "\(OwnSocket.mark)\n" + lines.joined()
    }
}
