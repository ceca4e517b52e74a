import ChildProcesses

/// Runs programs of the system.
public enum SystemCommand {
    /// Waits for its end. Throws if it cannot be started or fails; what it prints goes to standard error.
    public static func run(_ arguments: [String]) throws(SetupFailure) {
        let status: Int32
        do throws(ChildProcess.Failure) {
            status = try ChildProcess(arguments, output: .error).wait()
        } catch {
            throw SetupFailure("\(error)")
        }
        guard status == 0 else {
            throw SetupFailure("'\(arguments.joined(separator: " "))' failed with exit status \(status)")
        }
    }
}
