/// An expression with its repetitions written out, as instructions that hand on to one another.
///
/// It still holds what depends on the place in the input (assertions) and on the past (whether an iteration has taken a
/// byte yet); `AutomatonBuilder` resolves both.
struct Program: Sendable {
    enum Instruction: Sendable {
        case byte(ByteSet, next: Int)
        /// Both ways are open; the first is preferred.
        case split(Int, Int)
        /// The input's offset here is a group's start (even slots) or end (odd slots).
        case save(slot: Int, next: Int)
        case assert(Assertion, next: Int)
        /// A new iteration of the enclosing repetition `loop` begins here.
        case beginIteration(loop: Int, next: Int)
        /// Whether a byte has been taken since the iteration began.
        case ifProgressed(loop: Int, then: Int, otherwise: Int)
        case endLoop(loop: Int, next: Int)
        case match
    }

    var instructions: [Instruction] = []
    var start = 0

    /// Throws where writing out the repetitions takes more than `PatternLimits.states` instructions.
    init(_ expression: Expression) throws(PatternError) {
        var builder = ProgramBuilder()
        let match = try builder.append(.match)
        start = try builder.build(expression, next: match)
        instructions = builder.instructions
    }
}

/// Builds a program from its end to its start, so that each part knows what comes after it.
private struct ProgramBuilder {
    /// How deep repetitions of something that can be empty may be nested: their states multiply.
    static let nullableNesting = 32

    var instructions: [Program.Instruction] = []
    /// The outermost repetition being written out: what an error about size points at.
    var outermostRepetition: Int?
    /// How many repetitions of nullable expressions enclose the current one.
    var loopDepth = 0

    mutating func append(_ instruction: Program.Instruction) throws(PatternError) -> Int {
        if instructions.count == PatternLimits.states {
            throw PatternError(
                at: outermostRepetition ?? 0,
                "the pattern is too large: over \(PatternLimits.states) states with its repetitions written out",
                suggestion: "'*' or '+' instead of the numbers"
            )
        }
        instructions.append(instruction)
        return instructions.count - 1
    }

    /// Emits `expression`, going on to `next`; returns where it begins.
    mutating func build(_ expression: Expression, next: Int) throws(PatternError) -> Int {
        switch expression {
        case .byte(let set):
            return try append(.byte(set, next: next))
        case .sequence(let items):
            var entry = next
            for item in items.reversed() { entry = try build(item, next: entry) }
            return entry
        case .alternation(let branches):
            var entry: Int?
            for branch in branches.reversed() {
                let start = try build(branch, next: next)
                if let later = entry { entry = try append(.split(start, later)) } else { entry = start }
            }
            return entry ?? next
        case .group(let number, let inner):
            let end = try append(.save(slot: 2 * number + 1, next: next))
            let body = try build(inner, next: end)
            return try append(.save(slot: 2 * number, next: body))
        case .assertion(let assertion):
            return try append(.assert(assertion, next: next))
        case .repetition(let repetition):
            let enclosing = outermostRepetition
            if enclosing == nil { outermostRepetition = repetition.position }
            defer { outermostRepetition = enclosing }
            return try build(repetition, next: next)
        }
    }

    /// As in Python, an iteration beyond the minimum that has taken nothing is the last one.
    private mutating func build(_ repetition: Expression.Repetition, next: Int) throws(PatternError) -> Int {
        let isNullable = repetition.expression.isNullable
        let loop = loopDepth
        if isNullable {
            if loop == Self.nullableNesting {
                throw PatternError(
                    at: repetition.position,
                    "repetitions of what can be empty are nested more than \(Self.nullableNesting) deep"
                )
            }
            loopDepth += 1
        }
        defer { loopDepth = loop }

        let exit = isNullable ? try append(.endLoop(loop: loop, next: next)) : next
        var entry = exit
        var mandatory = repetition.minimum
        if let maximum = repetition.maximum {
            for copy in stride(from: maximum, to: repetition.minimum, by: -1) {
                var after = entry
                if isNullable, copy < maximum {
                    after = try append(.ifProgressed(loop: loop, then: entry, otherwise: exit))
                }
                var body = try build(repetition.expression, next: after)
                if isNullable { body = try append(.beginIteration(loop: loop, next: body)) }
                entry = try appendChoice(repetition, body: body, exit: exit)
            }
        } else {
            let choice = try append(.split(exit, exit))
            let after = isNullable ? try append(.ifProgressed(loop: loop, then: choice, otherwise: exit)) : choice
            let body = try build(repetition.expression, next: after)
            let again = isNullable ? try append(.beginIteration(loop: loop, next: body)) : body
            instructions[choice] = repetition.isGreedy ? .split(again, exit) : .split(exit, again)
            if mandatory == 0 {
                entry = choice
            } else {
                // The last mandatory iteration is the body itself, entered without having begun.
                entry = body
                mandatory -= 1
            }
        }
        for _ in 0..<mandatory { entry = try build(repetition.expression, next: entry) }
        return entry
    }

    private mutating func appendChoice(
        _ repetition: Expression.Repetition, body: Int, exit: Int
    ) throws(PatternError) -> Int {
        try append(repetition.isGreedy ? .split(body, exit) : .split(exit, body))
    }
}
