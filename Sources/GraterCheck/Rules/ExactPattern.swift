import LinearPattern

enum ExactPattern {
    /// A pattern that matches `bytes` and nothing else; nil if they are too many.
    static func of(_ bytes: [UInt8]) -> Pattern? {
        let digits = bytes.map { ($0 < 16 ? "\\x0" : "\\x") + String($0, radix: 16) }
        return try? Pattern(digits.joined())
    }
}
