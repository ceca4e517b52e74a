/// The text that tells an administrator that an application is set up, or no longer is.
enum SetupReport {
    static func enabled(
        _ name: ProfileName, for access: ClientAccess, profile: String, environment: ClientEnvironment
    ) -> String {
        let who =
            switch access {
            case .user(let user): "programs of the user \(user)"
            case .group(let group): "programs of members of the group \(group)"
            case .unit(let unit): "the unit \(unit)"
            }
        var places = environment.socket
        if let port = environment.variables.first(where: { $0.name == "TOR_CONTROL_PORT" })?.value {
            places += " and port \(port) of 127.0.0.1"
        }
        var text = "'\(name)' is enabled for \(who), at \(places).\n"
        if case .group(let group) = access {
            text += "To add somebody: usermod -aG \(group) USER, who must then log in anew.\n"
        }
        text += """

            The top of \(profile) tells how to point the application there.
            Applications that look for tor in their environment need only be started so:

              once             onion-grater exec \(name) -- COMMAND
              in a shell       eval "$(onion-grater env \(name))"
              a desktop file   Exec=onion-grater exec \(name) -- COMMAND
              a systemd unit   the lines of: onion-grater env --form systemd \(name)

            """
        return text
    }

    /// - Parameter group: the group that its socket was for.
    static func disabled(_ name: ProfileName, group: String?) -> String {
        "'\(name)' is no longer enabled here: the profile's own lists say who it is for.\n"
            + (group.map { "The group \($0) is still there: groupdel \($0) removes it.\n" } ?? "")
    }
}
