extension Parser {
    /// Reads what follows a `{` at `start`; nil, with nothing read, if it is no repetition and so stands for itself.
    mutating func parseBraces(from start: Int) throws(PatternError) -> (minimum: Int, maximum: Int?)? {
        let afterBrace = index
        if next == UInt8(ascii: "}") { return nil }
        let minimumStart = index
        let minimumDigits = takeDigits(.digits)
        var maximumStart = minimumStart
        var maximumDigits = minimumDigits
        if take(",") {
            maximumStart = index
            maximumDigits = takeDigits(.digits)
        }
        guard take("}") else {
            index = afterBrace
            return nil
        }
        let minimum = try count(minimumDigits, at: minimumStart) ?? 0
        let maximum = try count(maximumDigits, at: maximumStart)
        if let maximum, maximum < minimum {
            throw PatternError(
                at: start, "the repetition's minimum \(minimum) is greater than its maximum \(maximum)",
                suggestion: "{\(maximum),\(minimum)}"
            )
        }
        return (minimum, maximum)
    }

    private func count(_ digits: ArraySlice<UInt8>, at position: Int) throws(PatternError) -> Int? {
        if digits.isEmpty { return nil }
        guard let count = Int(String(decoding: digits, as: UTF8.self)), count <= PatternLimits.repetitions else {
            throw PatternError(
                at: position, "at most \(PatternLimits.repetitions) repetitions are allowed",
                suggestion: "'*' or '+' where the number does not matter"
            )
        }
        return count
    }

    /// Applies a quantifier at `start` to the last item; reads the `?` that makes it lazy.
    mutating func repeatLast(
        of items: inout [Item], minimum: Int, maximum: Int?, at start: Int
    ) throws(PatternError) {
        guard let last = items.last, last.kind != .assertion else {
            throw PatternError(
                at: start, "nothing to repeat",
                suggestion: #"a backslash before the character if it is meant literally"#
            )
        }
        if last.kind == .repetition {
            throw PatternError(
                at: start, "a repetition is repeated", suggestion: "a group around the inner one, as in (?:a*){2}"
            )
        }
        let isGreedy = !take("?")
        if isGreedy, next == UInt8(ascii: "+") {
            throw PatternError(
                at: index, "possessive repetition is not supported",
                suggestion: "the repetition without '+'; matching takes linear time in any case"
            )
        }
        let repetition = Expression.Repetition(
            expression: last.expression, minimum: minimum, maximum: maximum, isGreedy: isGreedy, position: start
        )
        items[items.count - 1] = Item(expression: .repetition(repetition), kind: .repetition)
    }
}
