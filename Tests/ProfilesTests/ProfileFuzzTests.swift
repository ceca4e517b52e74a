import Foundation
import Profiles
import TestSupport
import Testing

/// Profiles with small accidents: nothing may crash, and every diagnostic must point into the file.
@Suite struct ProfileFuzzTests {
    private static let corpus: [[UInt8]] = ["good", "doubtful", "bad"].flatMap { kind in
        ((try? Fixtures.files(kind)) ?? []).compactMap { try? Fixtures.bytes($0) }.filter { $0.count < 4000 }
    }

    private static let words = [
        "- ", ": ", "\n", "  ", "'", "\"", "[", "]", "{", "}", "{}", "*", "&a ", "!!str ", "|", "#", "\t", "\u{feff}",
        "é", "\u{85}",
        "\u{2028}", "---\n", "...\n", "pattern", "commands:", "answer: ['250 OK']", "(", ")", "\\", "null", "yes",
        "<<: ",
        "%YAML 9.9\n", "\"\\ud800\"", "? ", "250+", "{0}", "{client-address}",
    ]

    @Test func errorsPointIntoTheFile() {
        var fuzz = Fuzz(corpus: Self.corpus, words: Self.words, rounds: 8000)
        while let bytes = fuzz.next() {
            let loaded = ProfileFile.parse(bytes, file: "m.yml")
            let lines = lineWidths(bytes)
            for diagnostic in loaded.diagnostics where diagnostic.location.line != 0 {
                let location = diagnostic.location
                let isInside =
                    (1...lines.count).contains(location.line)
                    && (1...(lines[location.line - 1] + 1)).contains(location.column)
                #expect(
                    isInside,
                    "\(fuzz.seed): \(diagnostic) in \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            }
            #expect(loaded.hasErrors ? loaded.profiles.isEmpty : true)
        }
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
