import Foundation
import Testing

/// The executable: what it takes, where its text goes, and its exit status.
@Suite struct CommandLineTests {
    private let folder: TemporaryFolder
    private let profile: String

    init() throws {
        folder = try TemporaryFolder()
        profile = try folder.write("- {name: x, sockets: [x], commands: {GETINFO: [version]}}\n", to: "x.yml")
    }

    private func run(
        _ arguments: [String], input: String = ""
    ) throws -> (output: String, error: String, status: Int32) {
        let process = Process()
        // Products are built beside the tests.
        process.executableURL = Bundle.main.bundleURL.appendingPathComponent("grater-check")
        process.arguments = arguments
        let (output, error) = (Pipe(), Pipe())
        // A file, since a program that ends before it has read a pipe would end the tests with SIGPIPE.
        let inputFile = try folder.write(input, to: "input-\(UUID())")
        let standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: inputFile))
        process.standardOutput = output
        process.standardError = error
        process.standardInput = standardInput
        try process.run()
        let outputData = output.fileHandleForReading.readDataToEndOfFile()
        let errorData = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            String(decoding: outputData, as: UTF8.self), String(decoding: errorData, as: UTF8.self),
            process.terminationStatus
        )
    }

    @Test func lintIsWhatIsDoneWithoutASubcommand() throws {
        let short = try run([profile])
        let long = try run(["lint", profile])
        #expect(short == (output: "no findings\n", error: "", status: 0))
        #expect(long == short)
    }

    @Test func findingsAreStatusOne() throws {
        #expect(try run(["lint", folder.path + "/missing.yml"]).status == 1)
        #expect(try run(["try", profile, "GETINFO address"]).status == 1)
        #expect(try run(["test", folder.path + "/missing.transcript"]).status == 1)
    }

    @Test(arguments: [
        [], ["try"], ["test"], ["lint", "--bogus"], ["try", "x.yml", "QUIT", "--client-address", "nowhere"],
    ])
    func whatIsNotUnderstoodIsStatusTwo(arguments: [String]) throws {
        let process = try run(arguments)
        #expect(process.status == 2)
        #expect(process.output.isEmpty)
        #expect(process.error.contains("rror: "))
    }

    @Test func readsCommandsFromStandardInput() throws {
        let process = try run(["try", profile, "-"], input: "GETINFO version\nGETINFO address\n")
        #expect(process.status == 1)
        #expect(process.output.contains("GETINFO version\n  allowed\n"))
        #expect(process.output.contains("GETINFO address\n  denied: "))
    }

    @Test func helpTeaches() throws {
        let process = try run(["--help"])
        #expect(process.status == 0)
        #expect(process.output.contains("Exit status: 0"))
    }
}
