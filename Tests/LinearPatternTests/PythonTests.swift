import Foundation
import LinearPattern
import TestSupport
import Testing

@Suite("Python's re agrees")
struct PythonTests {
    private static let script = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "patterns/differential.py")

    @Test(.needs(.python))
    func generatedPairsAgree() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [Self.script.path(), "-", "--pairs", "10000"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)

        var pattern: Pattern?
        var pairs = 0
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: "\t")
            let argument = bytes(hex: fields[0].dropFirst(2))
            if line.hasPrefix("P") {
                let source = String(decoding: argument, as: UTF8.self)
                pattern = try? Pattern(source)
                #expect((pattern == nil ? "error" : "ok") == fields[1] || Self.isUnsupported(source), "\(source)")
            } else if let pattern {
                pairs += 1
                #expect(Self.answer(pattern, argument) == fields[1], "\(pattern.source) on \(argument)")
            }
        }
        #expect(pairs >= 10_000)
    }

    /// Whether it is refused though Python takes it.
    private static func isUnsupported(_ source: String) -> Bool {
        ["not supported", "not by Unicode", "repetitions are allowed", "too large"].contains {
            error(of: source)?.message.contains($0) == true
        }
    }

    /// The ranges of the groups as the script writes them.
    private static func answer(_ pattern: Pattern, _ input: [UInt8]) -> String {
        input.withUnsafeBufferPointer { input in
            let captures = pattern.captures(input)
            #expect(pattern.matches(input) == (captures != nil))
            guard let captures else { return "-" }
            return (0...pattern.groupCount)
                .map { group in captures[group].map { "\($0.lowerBound)-\($0.upperBound)" } ?? "-" }
                .joined(separator: " ")
        }
    }

    private func bytes(hex text: Substring) -> [UInt8] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }
}
