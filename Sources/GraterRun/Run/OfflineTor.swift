import ChildProcesses
import Glibc
import GraterCheck

/// A tor of one's own that never touches the network: onion services can be made, and nobody hears of them.
struct OfflineTor: Sendable {
    let controlSocket: String
    private let process: ChildProcess

    /// Starts it, and waits until it listens.
    init(in folder: String) throws(ChildProcess.Failure) {
        controlSocket = "\(folder)/tor-control"
        process = try ChildProcess(
            [
                "tor", "-f", "/dev/null", "--ignore-missing-torrc", "--defaults-torrc", "/dev/null", "--quiet",
                "--DataDirectory", "\(folder)/tor", "--SocksPort", "0", "--DisableNetwork", "1",
                "--ControlSocket", "unix:\(controlSocket) RelaxDirModeCheck", "--CookieAuthentication", "0",
            ], output: .nowhere)
        for _ in 0..<200 {
            if access(controlSocket, F_OK) == 0 { return }
            usleep(50_000)
        }
        process.terminate()
        throw ChildProcess.Failure(description: "tor does not listen on \(controlSocket) after 10 seconds")
    }

    func stop() { process.terminate() }
}
