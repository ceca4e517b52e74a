/// What a pattern may cost to load. A pattern over a bound is refused with the place that breaks it.
public enum PatternLimits {
    /// The length of a pattern in bytes.
    public static let length = 16_384
    /// The number in `{…}`.
    public static let repetitions = 1_000
    /// How deep parentheses may be nested.
    public static let nesting = 100
    /// The states of a pattern's automaton, with its counted repetitions written out.
    public static let states = 20_000
}
