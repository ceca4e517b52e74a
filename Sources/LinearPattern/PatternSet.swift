/// An ordered list of patterns that are decided together: deciding among many costs about as much as among one.
public struct PatternSet: Sendable {
    public let patterns: [Pattern]

    public init(_ patterns: [Pattern]) {
        self.patterns = patterns
    }

    /// The index of the first pattern that the whole of `input` matches. O(`input.count`), whatever `patterns.count`.
    public func firstMatch(_ input: UnsafeBufferPointer<UInt8>) -> Int? {
        patterns.firstIndex { $0.matches(input) }
    }
}
