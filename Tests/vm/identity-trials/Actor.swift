import Glibc
import PeerIdentity

/// A process that follows orders (Tests/vm/actor), with channels for the child that it may fork, and for the child's child.
final class Actor {
    /// Speaks to one process: an order a line, and an answer for each.
    struct Channel {
        fileprivate let orders: Int32
        fileprivate let answers: Int32

        /// Gives an order and waits until it has been followed.
        @discardableResult
        func order(_ text: String) throws -> String {
            try send(text)
            return try answer()
        }

        /// Gives an order and does not wait.
        func send(_ text: String) throws {
            let line = Array((text + "\n").utf8)
            guard write(orders, line, line.count) == line.count else {
                throw TrialError("an actor is gone before: \(text)")
            }
        }

        /// Has the process fork, and waits until the child listens to `child`.
        func fork(to child: Channel) throws {
            try order("fork")
            _ = try child.answer()
        }

        /// The answer to the oldest order that was not waited for.
        func answer() throws -> String {
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while read(answers, &byte, 1) == 1, byte != 0x0A { line.append(byte) }
            let answer = String(decoding: line, as: UTF8.self)
            guard byte == 0x0A, !answer.hasPrefix("failed") else { throw TrialError("an actor says: \(answer)") }
            return answer
        }
    }

    let itself: Channel
    let child: Channel
    let grandchild: Channel
    let pid: pid_t

    /// Starts a copy of the actor.
    ///
    /// - Parameter passing: an end of a socket pair, for handing descriptors to another actor.
    init(_ program: String, passing: Int32 = -1) throws {
        let pipes = try (0..<6).map { _ in try Self.pipe() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let given = [pipes[0].read, pipes[1].write, pipes[2].read, pipes[3].write, pipes[4].read, pipes[5].write]
        for (index, descriptor) in given.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(100 + index))
        }
        if passing >= 0 { posix_spawn_file_actions_adddup2(&actions, passing, 110) }

        let arguments = [program, "100", "101", "-1", passing >= 0 ? "110" : "-1"]
        var pointers = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, nil, &pointers, environ)
        for descriptor in given { close(descriptor) }
        guard code == 0 else { throw TrialError("\(program) does not start: \(String(cString: strerror(code)))") }
        self.pid = pid
        itself = Channel(orders: pipes[0].write, answers: pipes[1].read)
        child = Channel(orders: pipes[2].write, answers: pipes[3].read)
        grandchild = Channel(orders: pipes[4].write, answers: pipes[5].read)
    }

    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw TrialError("no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Waits until the process has ended and its number is free.
    func reap() {
        waitpid(pid, nil, 0)
    }

    deinit {
        for channel in [itself, child, grandchild] {
            close(channel.orders)
            close(channel.answers)
        }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }
}

/// A trial that could not be played as it was written.
struct TrialError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
