import Foundation
import Glibc
import TestSupport
import Testing

@testable import PeerIdentity

@Suite("What the kernel tells of a process")
struct ProcessTests {
    @Test("A held directory fails with ESRCH once its process has ended")
    func heldDirectory() throws {
        let process = try started(["/bin/sleep", "600"])
        let directory = try ProcessDirectory(pid: process.processIdentifier)
        #expect(try !directory.read("stat").isEmpty)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(throws: SystemCallError.self) { try directory.read("stat") as [UInt8] }
    }

    @Test("A pidfd tells whether its process runs")
    func processDescriptor() throws {
        let process = try started(["/bin/sleep", "600"])
        let descriptor = try ProcessDescriptor(pid: process.processIdentifier)
        let before = descriptor.isAlive
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let after = descriptor.isAlive
        #expect(before && !after)
    }

    @Test("A program's path counts only while the file is there")
    func executable() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/program (deleted)"
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: path)
        let process = try started([path, "600"])
        let directory = try ProcessDirectory(pid: process.processIdentifier)
        #expect(try Executable(of: directory) == .file(path: path))
        #expect(try Executable(of: directory).path == path)

        try FileManager.default.removeItem(atPath: path)
        #expect(try Executable(of: directory) == .deleted(path: path))
        // Another file in its place, as after an upgrade, is not what runs.
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: path)
        #expect(try Executable(of: directory).path == nil)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    @Test("A program is not the one whose path it has by mounts of its own", .needs(.mount, .mounts))
    func mountedProgram() throws {
        let folder = try TemporaryFolder()
        let copy = folder.path + "/program"
        try FileManager.default.copyItem(atPath: "/usr/bin/perl", toPath: copy)
        let client = try Client(
            """
            exec 'unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /usr/bin/cmp && exec /usr/bin/cmp -e "$1"', @ARGV;
            """, [copy, "$| = 1; print qq(here\\n); <STDIN>"])
        #expect(client.hear() == "here")
        let executable = try Executable(of: try ProcessDirectory(pid: client.pid))
        // In a chroot the kernel tells the path from the real root.
        guard case .elsewhere(let path) = executable else {
            Issue.record("\(executable)")
            return
        }
        #expect(path.hasSuffix("/usr/bin/cmp"))
        #expect(executable.path == nil)
    }

    @Test("A program whose path no profile can name has none")
    func unspeakableProgram() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/program\n/usr/bin/perl"
        try FileManager.default.createDirectory(
            atPath: folder.path + "/program\n/usr/bin", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "/bin/sleep", toPath: path)
        let process = try started([path, "600"])
        let executable = try Executable(of: try ProcessDirectory(pid: process.processIdentifier))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(executable == .hidden)
    }

    @Test("Users and groups are read from the status, and only from its own lines")
    func status() throws {
        let text = """
            Name:\tUid: 7
            Uid:\t1000\t1001\t1002\t1003
            Gid:\t5\t6\t7\t8
            Groups:\t6 20 65534 20
            NSpid:\t300\t2
            Threads:\t3
            """
        let status = try #require(ProcessStatus(text: Array(text.utf8)))
        #expect(status.realUID == 1000)
        #expect(status.uid == 1001)
        #expect(status.gid == 6)
        #expect(status.allGroups == [6, 20])
        #expect(status.namespaceDepth == 1)
        #expect(status.threadCount == 3)
    }

    @Test(
        "A status that is not one is refused",
        arguments: [
            "", "Uid:\t1\t1\t1\nGid:\t1\t1\t1\t1\nGroups:\t\nThreads:\t1\n",
            "Uid:\t1\t1\t1\tx\nGid:\t1\t1\t1\t1\nGroups:\t\nThreads:\t1\n",
            "Uid:\t1\t1\t1\t1\nGid:\t1\t1\t1\t1\nGroups:\t\nThreads:\t\n",
        ])
    func brokenStatus(text: String) {
        #expect(ProcessStatus(text: Array(text.utf8)) == nil)
    }

    @Test("A process's history is found behind its name, whatever that is")
    func history() {
        let rest = "1 2 3 4 5 6 7 8 20 0 1 0 99 4096 1 18446744073709551615 94000 95000 140000 0 0"
        let forked = "42 (a) R 1 (b) S 1 42 42 0 -1 4194368 " + rest
        #expect(ProcessHistory(text: Array(forked.utf8))?.hasNeverExecuted == true)
        let executed = "42 (sh) S 1 42 42 0 -1 4194304 " + rest
        let history = ProcessHistory(text: Array(executed.utf8))
        #expect(history?.hasNeverExecuted == false)
        #expect(history?.places == .init(codeStart: 94000, codeEnd: 95000, stackStart: 140_000))
        #expect(ProcessHistory(text: Array("42 sh S 1".utf8)) == nil)
        #expect(ProcessHistory(text: Array("42 (sh) S 1 42 42 0 -1 4194304 1 2".utf8)) == nil)
    }

    @Test(
        "What is told of a process's past stays the same until it calls execve",
        .needs(.randomizedMemory))
    func historyEndsWithExec() throws {
        let client = try Client(
            "print \"here\\n\"; <STDIN>; exec '/usr/bin/perl', '-e', '$| = 1; print qq(again\\n); <STDIN>'", [])
        #expect(client.hear() == "here")
        let process = try ProcessDirectory(pid: client.pid)
        let (first, second) = (try ProcessHistory(of: process), try ProcessHistory(of: process))
        #expect(first == second)
        client.tell("on")
        #expect(client.hear() == "again")
        let third = try ProcessHistory(of: process)
        #expect(third != first)
    }

    @Test("The memory of a program ends with it")
    func programImage() throws {
        let image: ProgramImage?
        do {
            let client = try Client("print \"here\\n\"; <STDIN>;", [])
            #expect(client.hear() == "here")
            image = try ProgramImage.current(of: try ProcessDirectory(pid: client.pid))
            #expect(image?.isInUse() != false)
        }
        #expect(image?.isInUse() != true)
    }

    @Test("Numbers of processes are not used twice within a moment")
    func forkCount() throws {
        let now = try ForkCount()
        #expect(!now.allowsReuse(since: now))
    }

    @Test("A file larger than its bound is refused")
    func boundedRead() throws {
        let directory = try ProcessDirectory(pid: getpid())
        #expect(throws: SystemCallError.self) { try directory.read("status", limit: 16) as [UInt8] }
    }

    @Test("Users and groups without a name have none")
    func names() {
        #expect(NameService.name(ofUser: 0) == "root")
        #expect(NameService.name(ofGroup: 0) == "root")
        #expect(NameService.name(ofUser: 4_000_000_123) == nil)
        #expect(NameService.name(ofGroup: 4_000_000_123) == nil)
    }

    private func started(_ command: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        try process.run()
        return process
    }
}
