import Glibc
import PeerIdentity

/// A program that is started, and waited for or ended.
package struct ChildProcess: Sendable {
    package let pid: pid_t

    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// Where what a program writes goes.
    package enum Output {
        case inherited
        /// All of it to standard error.
        case error
        case nowhere
        /// Its standard output to this descriptor; its standard error is ours.
        case descriptor(Int32)
    }

    /// Starts `arguments[0]`, sought in PATH, with the signals' usual meaning and none of them blocked.
    ///
    /// - Parameters:
    ///   - variables: what is different from this process's environment; an empty value removes a variable.
    ///   - output: where its standard output and standard error go.
    package init(
        _ arguments: [String], variables: [String: String] = [:], output: Output = .inherited
    ) throws(Failure) {
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawnattr_init(&attributes)
        posix_spawn_file_actions_init(&actions)
        defer {
            posix_spawnattr_destroy(&attributes)
            posix_spawn_file_actions_destroy(&actions)
        }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // It would inherit the signals that our parent has blocked, and could not be ended.
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        switch output {
        case .inherited: break
        case .error: posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        case .descriptor(let descriptor): posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO)
        case .nowhere:
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        var pid = pid_t()
        let code = Self.withStrings(arguments) { argv in
            Self.withStrings(Self.environment(with: variables)) { envp in
                guard let program = argv[0] else { return EINVAL }
                return posix_spawnp(&pid, program, &actions, &attributes, argv, envp)
            }
        }
        guard code == 0 else {
            throw Failure(description: "cannot start '\(arguments.first ?? "")': \(ErrorNumber.text(code))")
        }
        self.pid = pid
    }

    /// Waits for its end; gives its exit status as a shell would.
    package func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { return 127 }
        }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    /// Asks it to end, and waits.
    package func terminate() {
        kill(pid, SIGTERM)
        _ = wait()
    }

    /// Becomes the program `arguments[0]`, sought in PATH, with these changes of the environment as in `init`. Returns only
    /// if that cannot be, with an error number.
    package static func become(_ arguments: [String], variables: [String: String]) -> Int32 {
        for (name, value) in variables {
            _ = value.isEmpty ? unsetenv(name) : setenv(name, value, 1)
        }
        return withStrings(arguments) { argv in
            guard let program = argv[0] else { return EINVAL }
            execvp(program, argv)
            return errno
        }
    }

    private static func environment(with changes: [String: String]) -> [String] {
        var entries = [String]()
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if changes[String(text.prefix { $0 != "=" })] == nil { entries.append(text) }
            next += 1
        }
        return entries + changes.filter { !$0.value.isEmpty }.map { "\($0.key)=\($0.value)" }.sorted()
    }

    private static func withStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                var none: UnsafeMutablePointer<CChar>?
                return body(&none)
            }
            return body(base)
        }
    }
}
