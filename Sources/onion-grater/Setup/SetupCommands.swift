import AdminClient
import ArgumentParser
import ClientSetup
import Glibc

struct Enable: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let an application use its profile on this machine, without AppArmor.",
        discussion: """
            Gives the application a socket of its own, which one user or one group may open, and tells the profile so in a \
            drop-in: /etc/onion-grater.d/NAME.yml.d/enabled.yml. A service needs no socket: it is known by its unit. The \
            daemon is started anew for a socket, and applications that are connected must connect again.

            EXAMPLES
              sudo onion-grater enable onionshare --port 9052
              sudo onion-grater enable nyx --group tor-watchers
              sudo onion-grater enable bitcoind --unit bitcoind.service
            """)

    @Argument(help: "The profile's name: that of its file, without '.yml'.")
    var name: String

    @Option(help: "Let this user's programs use it. With sudo, the default is the user who calls it.")
    var user: String?

    @Option(help: "Let programs of this group's members use it. A group that does not exist is made.")
    var group: String?

    @Option(help: "Let this systemd unit use it, at the socket that all applications share.")
    var unit: String?

    @Option(help: "Listen on this port of 127.0.0.1 as well, for applications that take no unix socket.")
    var port: UInt16?

    func validate() throws {
        guard [user, group, unit].count(where: { $0 != nil }) <= 1 else {
            throw ValidationError("Give one of --user, --group and --unit.")
        }
        guard port == nil || unit == nil else {
            throw ValidationError("A unit uses the port that all applications share: leave --port out.")
        }
        guard port != 0 else { throw ValidationError("A port is a number from 1 to 65535.") }
    }

    func run() throws {
        try Setup.run {
            guard let access else {
                throw ValidationError("Say who may use it: --user, --group or --unit.")
            }
            try Setup.requireRoot("enable \(name)")
            return try Enablement().enable(try ProfileName(name), for: access, port: port)
        }
    }

    private var access: ClientAccess? {
        if let user { return .user(user) }
        if let group { return .group(group) }
        if let unit { return .unit(unit) }
        // A caller of sudo means their own account.
        guard let caller = getenv("SUDO_USER").map({ String(cString: $0) }), caller != "root", !caller.isEmpty else {
            return nil
        }
        return .user(caller)
    }
}

struct Disable: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take back what \"enable\" did.",
        discussion: "The profile is then for whom its file says, and the application's own socket is gone.")

    @Argument(help: "The profile's name.")
    var name: String

    func run() throws {
        try Setup.run {
            try Setup.requireRoot("disable \(name)")
            return try Enablement().disable(try ProfileName(name))
        }
    }
}

struct Env: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the environment variables that point applications at the filter.",
        discussion: """
            For an application that has a socket of its own, they lead there; for all others, to the socket and the port that \
            applications share.

            EXAMPLE
              eval "$(onion-grater env onionshare)"
            """)

    @Option(help: "How to print them.")
    var form = ClientEnvironment.Form.shell

    @Argument(help: "A profile's name.")
    var name: String?

    func run() throws {
        try Setup.run { try ClientEnvironment(try name.map { try ProfileName($0) }).text(form) }
    }
}

struct Exec: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run an application with the variables that \"env\" prints.",
        discussion: """
            EXAMPLE
              onion-grater exec onionshare -- onionshare-cli --receive
            """)

    @Argument(help: "The profile's name.")
    var name: String

    @Argument(parsing: .postTerminator, help: "The application and its arguments.")
    var command: [String]

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("There is no application to run: onion-grater exec \(name) -- COMMAND")
        }
    }

    func run() throws {
        let environment = try Setup.value { try ClientEnvironment(try ProfileName(name)) }
        let (failure, status) = ClientProgram.become(command, in: environment)
        Setup.tell(failure)
        throw ExitCode(status)
    }
}

extension ClientEnvironment.Form: ExpressibleByArgument {}

/// The common parts of these subcommands: printing and failing.
private enum Setup {
    static func run(_ work: () throws -> String) throws {
        StandardStream.output.write(Array(try value(work).utf8))
    }

    /// Says on standard error why it cannot be done, and ends with status 1.
    static func value<Value>(_ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let failure as SetupFailure {
            tell(failure)
            throw ExitCode.failure
        }
    }

    static func tell(_ failure: SetupFailure) {
        StandardStream.error.write(Array("onion-grater: \(failure)\n".utf8))
    }

    static func requireRoot(_ command: String) throws(SetupFailure) {
        guard geteuid() == 0 else { throw SetupFailure.needsRoot("sudo onion-grater \(command)") }
    }
}
