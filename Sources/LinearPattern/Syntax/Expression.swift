/// A pattern as a tree, its flags already applied.
indirect enum Expression: Sendable {
    /// One byte out of a set. The empty set never matches.
    case byte(ByteSet)
    /// All in order; none of them is the empty string.
    case sequence([Expression])
    /// The first that leads to a match, in order.
    case alternation([Expression])
    /// A capturing group, numbered from 1 by its opening parenthesis.
    case group(Int, Expression)
    case assertion(Assertion)
    case repetition(Repetition)

    /// `expression{minimum,maximum}`; no maximum means any number.
    struct Repetition: Sendable {
        let expression: Expression
        let minimum: Int
        let maximum: Int?
        /// Tries one more iteration before going on; a lazy one goes on first.
        let isGreedy: Bool
        /// Offset in bytes of the quantifier.
        let position: Int
    }

    /// Any string at all.
    static var anything: Expression {
        .repetition(Repetition(expression: .byte(.all), minimum: 0, maximum: nil, isGreedy: true, position: 0))
    }

    /// Whether it can match without taking a byte.
    var isNullable: Bool {
        switch self {
        case .byte: false
        case .sequence(let items): items.allSatisfy(\.isNullable)
        case .alternation(let branches): branches.contains(where: \.isNullable)
        case .group(_, let inner): inner.isNullable
        case .assertion: true
        case .repetition(let repetition): repetition.minimum == 0 || repetition.expression.isNullable
        }
    }
}

/// A condition on a place between bytes, as in Python's `re` for byte strings.
enum Assertion: Sendable {
    /// `\A`, and `^` without `(?m)`.
    case start
    /// `^` with `(?m)`: at the start or behind a newline.
    case lineStart
    /// `\Z`.
    case end
    /// `$` without `(?m)`: at the end, or before a newline that ends the input.
    case endOrFinalNewline
    /// `$` with `(?m)`: at the end or before a newline.
    case lineEnd
    /// `\b`.
    case wordBoundary
    /// `\B`; like Python before 3.14 it does not hold in an empty input.
    case notWordBoundary
}
