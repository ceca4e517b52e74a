extension Language {
    /// All strings that are not in it.
    public var complement: Language {
        var automaton = automaton
        automaton.accepting = automaton.accepting.map { !$0 }
        return Language(automaton)
    }

    /// The strings that are in either.
    public func union(_ other: Language) throws(TooLargeToDecide) -> Language {
        Language(try DeterministicAutomaton(automaton, other.automaton) { $0 || $1 })
    }

    /// The strings that are in both.
    public func intersection(_ other: Language) throws(TooLargeToDecide) -> Language {
        Language(try DeterministicAutomaton(automaton, other.automaton) { $0 && $1 })
    }

    /// The strings of it that are not in `other`: why it is no subset, where it is none.
    public func subtracting(_ other: Language) throws(TooLargeToDecide) -> Language {
        Language(try DeterministicAutomaton(automaton, other.automaton) { $0 && !$1 })
    }

    /// Whether `other` holds everything that it holds.
    public func isSubset(of other: Language) throws(TooLargeToDecide) -> Bool {
        try subtracting(other).isEmpty
    }

    /// Whether no string is in both.
    public func isDisjoint(with other: Language) throws(TooLargeToDecide) -> Bool {
        try intersection(other).isEmpty
    }

    /// A string of the first, then one of the second, and so on. The empty string alone where there are none.
    public init(concatenating languages: [Language]) throws(TooLargeToDecide) {
        var graph = StateGraph()
        graph.nodes.append(.accept)
        var entry = 0
        for language in languages.reversed() { entry = graph.append(language.automaton, next: entry) }
        self.init(try DeterministicAutomaton(graph.automaton(from: entry)))
    }
}

extension StateGraph {
    /// Adds what `automaton` accepts, going on to `next`; returns where it begins.
    fileprivate mutating func append(_ automaton: DeterministicAutomaton, next: Int) -> Int {
        let classBytes = automaton.classBytes
        // For each state a node that takes a byte; then for each one that leads to the former, and on if that is accepting.
        let first = nodes.count
        let entry = first + automaton.stateCount
        for state in 0..<automaton.stateCount {
            let ways = classBytes.enumerated().map { byteClass, bytes in
                (set: bytes, next: entry + Int(automaton.target(from: Int32(state), class: byteClass)))
            }
            nodes.append(.bytes(ways))
        }
        for state in 0..<automaton.stateCount {
            nodes.append(.ways(automaton.accepting[state] ? [first + state, next] : [first + state]))
        }
        return entry
    }
}
