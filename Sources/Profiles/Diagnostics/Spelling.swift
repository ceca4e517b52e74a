/// Finds the word that someone meant who wrote another.
package enum Spelling {
    /// A clause that offers the one of `words` that `word` is likely to be a misspelling of; nil where none is close.
    package static func suggestion(for word: String, among words: some Sequence<String>) -> String? {
        let written = folded(word)
        guard !written.isEmpty, written.count <= longest else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in words {
            let distance = distance(written, folded(candidate))
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        guard let best, best.distance <= max(1, written.count / 3) else { return nil }
        return "did you mean '\(best.word)'?"
    }

    /// Longer words than any of ours are not worth comparing.
    private static let longest = 40

    /// Letter case, and whether a hyphen or an underscore was used, are no difference worth counting.
    private static func folded(_ word: String) -> [UInt8] {
        word.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "_"): UInt8(ascii: "-")
            default: byte
            }
        }
    }

    /// How many letters must be inserted, removed, replaced or exchanged with their neighbour (optimal string
    /// alignment). O(`first.count * second.count`).
    private static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...second.count)
        for (row, letter) in first.enumerated() {
            var current = [row + 1]
            for (column, other) in second.enumerated() {
                let replaced = previous[column] + (letter == other ? 0 : 1)
                var cost = min(replaced, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[second.count]
    }
}
