import ArgumentParser
import Glibc
import GraterCheck
import GraterRun
import ProxyServer

/// The options that choose tor for an application.
struct TorOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The control socket of the tor to use.", valueName: "path"))
    var controlSocket: String?

    @Option(help: ArgumentHelp("The control port of the tor to use.", valueName: "[host:]port"))
    var controlPort: String?

    @Flag(help: "Start a private tor that never uses the network.")
    var offlineTor = false

    func tor() throws -> ApplicationRun.Tor {
        if offlineTor { return .offline }
        do {
            let upstream = try Upstream(controlSocket: controlSocket, controlPort: controlPort) { name in
                getenv(name).map { String(cString: $0) }
            }
            return .running(upstream)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}
