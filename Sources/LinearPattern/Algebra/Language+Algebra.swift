extension Language {
    /// All strings that are not in it.
    public var complement: Language {
        var automaton = automaton
        automaton.accepting = automaton.accepting.map { !$0 }
        return Language(automaton)
    }

    public func union(_ other: Language) throws(TooLargeToDecide) -> Language {
        Language(try DeterministicAutomaton(automaton, other.automaton) { $0 || $1 })
    }

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
        var next = 0
        graph.nodes.append(.accept)
        for language in languages.reversed() {
            let automaton = language.automaton
            let classBytes = automaton.classBytes
            // A node for each state, and behind them one for what follows if the input may not end here.
            let first = graph.nodes.count
            for state in 0..<automaton.stateCount {
                graph.nodes.append(
                    .ways(
                        automaton.accepting[state]
                            ? [first + automaton.stateCount + state, next]
                            : [first + automaton.stateCount + state]))
            }
            for state in 0..<automaton.stateCount {
                graph.nodes.append(
                    .bytes(
                        classBytes.enumerated().map { byteClass, bytes in
                            (bytes, first + Int(automaton.targets[state * automaton.classCount + byteClass]))
                        }))
            }
            next = first
        }
        self.init(try DeterministicAutomaton(graph.automaton(from: next)))
    }

    /// Its strings, each followed by one of `other`.
    public func concatenated(with other: Language) throws(TooLargeToDecide) -> Language {
        try Language(concatenating: [self, other])
    }
}
