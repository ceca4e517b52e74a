import LinearPattern

/// Answers for (pattern, input) pairs. A line `P` and hexadecimal sets the pattern and is answered with `ok` or
/// `error POSITION MESSAGE`; a line `S` and hexadecimal gives an input and is answered with `-`, or with the ranges of all
/// groups, as in `0-3 1-2 -`. Deciding and capturing must agree, else the answer is `disagree`.
enum Pairs {
    static func run() {
        var pattern: Pattern?
        while let line = readLine() {
            let argument = bytes(hex: line.dropFirst(2))
            if line.hasPrefix("P") {
                do throws(PatternError) {
                    pattern = try Pattern(String(decoding: argument, as: UTF8.self))
                    print("ok")
                } catch {
                    pattern = nil
                    print("error \(error.position) \(error.message)")
                }
            } else if let pattern {
                print(answer(pattern, argument))
            } else {
                print("no pattern")
            }
        }
    }

    private static func answer(_ pattern: Pattern, _ input: [UInt8]) -> String {
        input.withUnsafeBufferPointer { input in
            let captures = pattern.captures(input)
            guard pattern.matches(input) == (captures != nil) else { return "disagree" }
            guard let captures else { return "-" }
            return (0...pattern.groupCount)
                .map { group in captures[group].map { "\($0.lowerBound)-\($0.upperBound)" } ?? "-" }
                .joined(separator: " ")
        }
    }
}
