import Foundation
import Profiles
import TestSupport
import Testing

/// Files with thousands of small accidents: nothing may crash, and every diagnostic must point into the file.
@Suite struct ProfileMutationTests {
    private static let seeds: [[UInt8]] = ["good", "doubtful", "bad"].flatMap { kind in
        ((try? Fixtures.files(kind)) ?? []).compactMap { try? Fixtures.bytes($0) }.filter { $0.count < 4000 }
    }

    private static let snippets =
        [
            "- ", ": ", "\n", "  ", "'", "\"", "[", "]", "{", "}", "{}", "*", "&a ", "!!str ", "|", "#", "\t", "\0",
            "\u{feff}", "é",
            "\u{85}", "\u{2028}", "---\n", "...\n", "pattern", "commands:", "answer: ['250 OK']", "(", ")", "\\",
            "null", "yes", "<<: ",
            "%YAML 9.9\n", "\r", "\"\\ud800\"", "? ", "250+", "{0}", "{client-address}",
        ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xF0, 0x9F]]

    @Test(arguments: 0..<8)
    func mutationsAreDiagnosedInsideTheFile(seed: Int) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<1000 {
            let bytes = mutated(using: &random)
            let loaded = ProfileFile.parse(bytes, file: "m.yml")
            let lines = lineWidths(bytes)
            for diagnostic in loaded.diagnostics where diagnostic.location.line != 0 {
                let location = diagnostic.location
                let isInside =
                    (1...lines.count).contains(location.line)
                    && (1...(lines[location.line - 1] + 1)).contains(location.column)
                #expect(isInside, "\(diagnostic) in \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
            #expect(loaded.hasErrors ? loaded.profiles.isEmpty : true)
        }
    }

    private func mutated(using random: inout SeededRandom) -> [UInt8] {
        var bytes = Self.seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let position = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, position + Int.random(in: 0...8, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.removeSubrange(position..<end)
            case 1: bytes.insert(contentsOf: Self.snippets.randomElement(using: &random) ?? [], at: position)
            case 2: bytes.replaceSubrange(position..<end, with: Self.snippets.randomElement(using: &random) ?? [])
            case 3:
                bytes.insert(contentsOf: bytes[position..<end], at: Int.random(in: 0...bytes.count, using: &random))
            default:
                guard position < bytes.count else { continue }
                bytes[position] = UInt8.random(in: 0...255, using: &random)
            }
        }
        return bytes
    }

    /// The characters in each line, as YAML 1.1 divides lines: CR, LF, both, NEL, LS and PS.
    private func lineWidths(_ bytes: [UInt8]) -> [Int] {
        var widths = [0]
        var previous: Unicode.Scalar = " "
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if "\r\n\u{85}\u{2028}\u{2029}".unicodeScalars.contains(scalar) {
                if !(previous == "\r" && scalar == "\n") { widths.append(0) }
            } else {
                widths[widths.count - 1] += 1
            }
            previous = scalar
        }
        return widths
    }
}
