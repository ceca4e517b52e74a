extension DeterministicAutomaton {
    /// What `automaton` accepts, for any rule; in normal form.
    init(_ automaton: Automaton, maximumSteps: Int = LanguageLimits.steps) throws(TooLargeToDecide) {
        let rules = Forward(automaton)
        let byteClasses = ByteClasses(telling: automaton.sets)
        var scratch = rules.makeScratch()
        var start = rules.start(&scratch)
        rules.normalize(&start)
        var numbers = [start: StateID(0)]
        var contents = [start]
        var targets: [StateID] = []
        var done = 0
        while done < contents.count {
            try Self.checkSize(states: contents.count, classes: byteClasses.count)
            for representative in byteClasses.representatives {
                scratch.work += contents[done].states.count
                if scratch.work > maximumSteps { throw TooLargeToDecide(bound: .steps) }
                var content = rules.step(contents[done], representative, &scratch)
                rules.normalize(&content)
                if let known = numbers[content] {
                    targets.append(known)
                } else {
                    let number = StateID(contents.count)
                    numbers[content] = number
                    contents.append(content)
                    targets.append(number)
                }
            }
            done += 1
        }
        let whole = DeterministicAutomaton(
            classOf: byteClasses.classOf, classCount: byteClasses.count, targets: targets,
            accepting: contents.map { $0.rule != nil }
        )
        self = whole.minimized()
    }

    /// The strings for which `combine` holds of whether `first` and whether `second` accept them; in normal form.
    init(
        _ first: DeterministicAutomaton, _ second: DeterministicAutomaton, accepting combine: (Bool, Bool) -> Bool
    ) throws(TooLargeToDecide) {
        let classes = Self.commonClasses(first, second)
        // Where the first accepts nothing more, and that settles the outcome, the second's state does not matter.
        let settled = combine(false, true) || combine(false, false) ? nil : first.deadState
        var numbers: [UInt64: StateID] = [:]
        var pairs: [(StateID, StateID)] = []
        func number(_ pair: (StateID, StateID)) -> StateID {
            let second = pair.0 == settled ? 0 : pair.1
            let key = UInt64(UInt32(bitPattern: pair.0)) << 32 | UInt64(UInt32(bitPattern: second))
            if let known = numbers[key] { return known }
            let number = StateID(pairs.count)
            numbers[key] = number
            pairs.append((pair.0, second))
            return number
        }
        _ = number((0, 0))
        var targets: [StateID] = []
        var done = 0
        while done < pairs.count {
            try Self.checkSize(states: pairs.count, classes: classes.pairs.count)
            let pair = pairs[done]
            for (one, two) in classes.pairs {
                targets.append(
                    number((first.target(from: pair.0, class: one), second.target(from: pair.1, class: two)))
                )
            }
            done += 1
        }
        let whole = DeterministicAutomaton(
            classOf: classes.classOf, classCount: classes.pairs.count, targets: targets,
            accepting: pairs.map { combine(first.accepting[Int($0.0)], second.accepting[Int($0.1)]) }
        )
        self = whole.minimized()
    }

    /// The byte classes that tell what either tells, each as a pair of classes.
    private static func commonClasses(
        _ first: DeterministicAutomaton, _ second: DeterministicAutomaton
    ) -> (classOf: [UInt8], pairs: [(Int, Int)]) {
        var classOf = [UInt8](repeating: 0, count: 256)
        var pairs: [(Int, Int)] = []
        for byte in 0..<256 {
            let pair = (Int(first.classOf[byte]), Int(second.classOf[byte]))
            if let known = pairs.firstIndex(where: { $0 == pair }) {
                classOf[byte] = UInt8(known)
            } else {
                classOf[byte] = UInt8(pairs.count)
                pairs.append(pair)
            }
        }
        return (classOf, pairs)
    }

    private static func checkSize(states: Int, classes: Int) throws(TooLargeToDecide) {
        if states * classes > LanguageLimits.transitions { throw TooLargeToDecide(bound: .transitions) }
    }
}
