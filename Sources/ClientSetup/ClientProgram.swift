import ChildProcesses
import Glibc
import PeerIdentity
import Profiles

/// An application that is started with the environment of its profile.
public enum ClientProgram {
    /// Becomes the program, and so returns only if it cannot be: with why, and the exit status that a shell would have.
    public static func become(
        _ arguments: [String], in environment: ClientEnvironment
    ) -> (failure: SetupFailure, status: Int32) {
        if access(environment.socket, W_OK) != 0 {
            let code = errno
            let hint =
                switch code {
                case EACCES: "it is for other users: see 'onion-grater enable'; members of a new group must log in anew"
                case ENOENT: "is onion-grater running?"
                default: "the application could not use it either"
                }
            return (SetupFailure("\(environment.socket): \(ErrorNumber.text(code)) (\(hint))"), 126)
        }
        let variables = Dictionary(uniqueKeysWithValues: environment.variables.map { ($0.name, $0.value ?? "") })
        let code = ChildProcess.become(arguments, variables: variables)
        return (
            SetupFailure("cannot run \(quoted(arguments.first ?? "")): \(ErrorNumber.text(code))"),
            code == ENOENT ? 127 : 126
        )
    }
}
