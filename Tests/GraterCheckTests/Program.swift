import Foundation

/// The executable, run to its end.
enum Program {
    /// Products are built beside the tests.
    private static let graterCheck = Bundle.main.bundleURL.appendingPathComponent("grater-check")

    /// Runs grater-check.
    ///
    /// - Parameters:
    ///   - input: a file; nil for this process's own standard input. No pipe, for a program that ends before it has read one
    ///     would end the tests with SIGPIPE.
    ///   - environment: added to ours.
    static func run(
        _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) throws -> (output: String, error: String, status: Int32) {
        try start(graterCheck, arguments, input: input, environment: environment)
    }

    /// Runs a script in which `$0` is grater-check.
    static func bash(_ script: String) throws -> (output: String, error: String, status: Int32) {
        try start(URL(fileURLWithPath: "/bin/bash"), ["-c", script, graterCheck.path], input: nil, environment: [:])
    }

    private static func start(
        _ program: URL, _ arguments: [String], input: String?, environment: [String: String]
    ) throws -> (output: String, error: String, status: Int32) {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let input { process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: input)) }
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        try process.run()
        let outputData = output.fileHandleForReading.readDataToEndOfFile()
        let errorData = error.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            String(decoding: outputData, as: UTF8.self), String(decoding: errorData, as: UTF8.self),
            process.terminationStatus
        )
    }
}
